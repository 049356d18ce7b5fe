"""Cuts the shipped font out of Noto Sans CJK SC.

    uv run --with fonttools data/cut_font.py NotoSansCJK-Regular.ttc

Kept are all Han characters that Noto has for simplified Chinese (all of GB 18030-2022 at levels
1 and 2: Unicode's main block, extension A, and the table of general standard characters), and
of everything else what the font had before.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

TARGET = Path(__file__).parent.parent / "resources" / "fonts" / "GridMapSansSC-Regular.otf"
SOURCE = "Noto Sans CJK SC"
FAMILY, STYLE = "GridMap Sans SC", "Regular"
HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
NAMES = {  # numbers of the table `name`
    1: FAMILY, 2: STYLE, 3: f"GridMapSansSC-Regular;subset of {SOURCE}",
    4: f"{FAMILY} {STYLE}", 6: "GridMapSansSC-Regular",
}  # fmt: skip


def main() -> None:
    """Write the font into the resources."""
    collection = TTCollection(sys.argv[1])
    font = next(one for one in collection.fonts if one["name"].getDebugName(1) == SOURCE)
    han = {c for c in font.getBestCmap() if any(low <= c <= high for low, high in HAN)}
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=han | set(TTFont(TARGET).getBestCmap()))
    cutter.subset(font)
    for number, text in NAMES.items():
        for record in [one for one in font["name"].names if one.nameID == number]:
            font["name"].setName(text, number, record.platformID, record.platEncID, record.langID)
    top = font["CFF "].cff
    top.fontNames = [NAMES[6]]
    top.topDictIndex[0].FamilyName, top.topDictIndex[0].FullName = FAMILY, NAMES[4]
    font.save(TARGET)


if __name__ == "__main__":
    main()
