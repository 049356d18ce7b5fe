"""From the files into the project. TEMPORARY direct loader, replaced by gridmap.intake."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from example_build.district import District
from gridmap.project import Edition, Project
from gridmap.project.tables import items

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def load(district: District, folder: Path, target: Path) -> None:
    p = Project.create(target, title="南湖区示例", clock=lambda: NOW, actor="data/build_example.py")
    with p, p.change("import", actor="data/build_example.py", note="") as ch:
        for k, f in district.layers.items():
            d = p.declarations[k]
            e = Edition(k, dt.date(2026, 11, 22), "示例生成", d.accuracy_m, data_status="example")
            ch.replace_layer(k, f, e)
        ch.put_people(district.people)
        ch.put_posts(district.posts)
        ch.put_departments(district.departments)
        for tables in (district.water, district.air):
            for s, t in tables.items():
                for i in t.columns:
                    ch.append_series(s, i, pd.DataFrame({"value": t[i]}), unit=items()[i].unit)
        ch.put_series_notes(district.notes)
        ch.set_setting("is_example", True)
        ch.set_setting("data_date", "2026-11-22")
