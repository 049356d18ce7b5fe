"""Names of places made shorter where the whole has no room on a map."""

from typing import Final

# What a name says of the kind of unit; the longest first.
_KINDS: Final = (
    "街道办事处", "村民委员会", "居民委员会", "民族乡", "村委会", "居委会", "自治县",
    "街道", "社区", "镇", "乡", "村", "区", "县", "市",
)  # fmt: skip
_LEAST: Final = 2  # letters that a name keeps


def shortened(name: str) -> str:
    """The name without its kind of unit, "" if it has none or too little would be left."""
    for kind in _KINDS:
        if name.endswith(kind):
            short = name.removesuffix(kind)
            return short if len(short) >= _LEAST else ""
    return ""
