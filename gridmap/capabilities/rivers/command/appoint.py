"""`gridmap river appoint`: one person becomes chief of many reaches."""

import argparse
from datetime import datetime

from gridmap.capabilities.rivers.report.network import appoint_words
from gridmap.capabilities.rivers.work.chiefs import ROLE, Appointment, appoint
from gridmap.cli import values
from gridmap.core.moments import ZONE
from gridmap.store.operators import login
from gridmap.store.project import Project
from gridmap.texts import t

_TIERS = ("village", "township", "county", "city", "province")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    option = parser.add_argument
    option("project", metavar="PROJECT", help=t("importing.help.project"))
    option("reaches", nargs="+", metavar="REACH", help=t("network.argument.reaches"))
    option("--name", required=True, metavar="NAME", help=t("network.cli.name"))
    option("--tier", required=True, choices=_TIERS, help=t("network.cli.tier"))
    option("--phone", default="", metavar="PHONE", help=t("network.cli.phone"))
    option("--organisation", default="", metavar="TEXT", help=t("network.cli.organisation"))
    option("--role", default=ROLE, metavar="ROLE", help=t("network.cli.role"))
    option("--since", metavar="DAY", help=t("network.cli.since"))
    option("--by", metavar="NAME", default="", help=t("network.cli.by"))


def run(options: argparse.Namespace) -> int:
    """Appoint, and say what was done."""
    since = values.a_day(options.since) if options.since else datetime.now(ZONE).date()
    wanted = Appointment(
        options.name, options.tier, since, options.phone, options.organisation, options.role
    )
    with Project.open(options.project) as project:
        done = appoint(project, options.reaches, wanted, actor=options.by or login())
    print(appoint_words(wanted, done))
    return 0
