"""What leaves the trace page: the printed sheet and the table, as the list is ranked now."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from gridmap.capabilities.tracing.page.data import Traced
from gridmap.capabilities.tracing.page.page import TracePage
from gridmap.capabilities.tracing.page.profile import TraceProfile
from gridmap.capabilities.tracing.picture.sheet import profile_picture
from gridmap.capabilities.tracing.picture.upstream import upstream_picture
from gridmap.capabilities.tracing.report.document import trace_document
from gridmap.capabilities.tracing.rules import Suspect
from gridmap.report.saving import FORMATS, save
from gridmap.shell.presenter import Shell
from gridmap.texts import t

PAPERS: Final = (".pdf", ".png")


class TraceFiles:
    """Asks where to, and writes off the GUI thread."""

    def __init__(self, shell: Shell, page: TracePage, profile: TraceProfile) -> None:
        self._window, self._session, self._saver = shell.window, shell.session, shell.saver
        self._traced: Traced | None = None
        self._ordered: tuple[Suspect, ...] = ()
        self._profile = profile
        page.print_wanted.connect(self._ask_print)
        page.export_wanted.connect(self._ask_export)

    def take(self, traced: Traced | None, ordered: tuple[Suspect, ...]) -> None:
        """What is shown, and in which order."""
        self._traced, self._ordered = traced, ordered

    def _ask_print(self) -> None:
        self._ask(t("tracing.page.print"), t("tracing.print.title"), PAPERS,
                  t("tracing.page.print_files"), self.print)  # fmt: skip

    def _ask_export(self) -> None:
        self._ask(t("tracing.page.export"), t("tracing.sheet.title"), (".xlsx", *FORMATS),
                  t("tracing.page.table_files"), self.export)  # fmt: skip

    def _ask(
        self, title: str, name: str, suffixes: Sequence[str], kinds: str,
        then: Callable[[Path], None],
    ) -> None:  # fmt: skip
        path = self._saver.ask(title, name, kinds, suffixes) if self._traced is not None else None
        if path is not None:
            then(path)

    def print(self, path: Path) -> None:
        """Write the sheet, as the list is ranked now."""
        traced, ordered = self._traced, self._ordered
        if traced is None:
            return
        canvas = self._window.canvas
        numbers = {one.source.code: number for number, one in enumerate(ordered, 1)}
        look = traced.look.numbered(numbers, "")
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        today, travelling = self._session.today(), self._profile.travelling

        def write(file: Path) -> None:
            document = trace_document(traced.words, ordered).showing(
                today,
                map=lambda: upstream_picture(shown, look),
                profile=lambda: profile_picture(traced.words, ordered, travelling=travelling),
            )
            save(document, file)

        self._saver.write(path, write, label=t("app.job.printing"), owner="trace")

    def export(self, path: Path) -> None:
        """Write the list as a table, as it is ranked now."""
        traced, ordered = self._traced, self._ordered
        if traced is None:
            return
        if path.suffix.lower() not in FORMATS:
            path = path.with_suffix(".xlsx")
        self._saver.write(
            path, lambda file: save(trace_document(traced.words, ordered), file),
            label=t("app.job.exporting"), owner="trace",
        )  # fmt: skip
