"""What leaves the trace page: the printed sheet and the table, as the list is ranked now."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.session import Session
from gridmap.app.trace_data import Traced
from gridmap.domain.tracing import Suspect
from gridmap.map.upstream import upstream_picture
from gridmap.output.saving import FORMATS, save
from gridmap.output.trace_picture import profile_picture
from gridmap.output.trace_report import trace_document
from gridmap.texts import t

_WRITE: Final = "trace-write"


class TraceFiles:
    """Asks where to, and writes off the GUI thread."""

    def __init__(self, window: MainWindow, session: Session, runner: Runner) -> None:
        self._window, self._session, self._runner = window, session, runner
        self._traced: Traced | None = None
        self._ordered: tuple[Suspect, ...] = ()
        window.trace_page.print_wanted.connect(self._ask_print)
        window.trace_page.export_wanted.connect(self._ask_export)

    def take(self, traced: Traced | None, ordered: tuple[Suspect, ...]) -> None:
        """What is shown, and in which order."""
        self._traced, self._ordered = traced, ordered

    def _ask_print(self) -> None:
        self._ask(t("tracing.page.print"), t("tracing.print.title"), ".pdf",
                  t("tracing.page.print_files"), self.print)  # fmt: skip

    def _ask_export(self) -> None:
        self._ask(t("tracing.page.export"), t("tracing.sheet.title"), ".xlsx",
                  t("tracing.page.table_files"), self.export)  # fmt: skip

    def _ask(
        self, title: str, name: str, suffix: str, kinds: str, then: Callable[[Path], None]
    ) -> None:
        if self._traced is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, f"{name}{suffix}", kinds)
        if chosen:
            path = Path(chosen)
            then(path if path.suffix else path.with_suffix(suffix))

    def print(self, path: Path) -> None:
        """Write the sheet, as the list is ranked now."""
        traced, ordered = self._traced, self._ordered
        if traced is None:
            return
        canvas = self._window.canvas
        numbers = {one.source.code: number for number, one in enumerate(ordered, 1)}
        look = traced.look.numbered(numbers, "")
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        today, travelling = self._session.today(), self._window.profile.travelling

        def job() -> Path:
            document = trace_document(traced.words, ordered).showing(
                today,
                map=lambda: upstream_picture(shown, look),
                profile=lambda: profile_picture(traced.words, ordered, travelling=travelling),
            )
            return save(document, path)

        self._runner.run(_WRITE, job, self._written, label=t("app.job.printing"))

    def export(self, path: Path) -> None:
        """Write the list as a table, as it is ranked now."""
        traced, ordered = self._traced, self._ordered
        if traced is None:
            return
        if path.suffix.lower() not in FORMATS:
            path = path.with_suffix(".xlsx")
        self._runner.run(
            _WRITE, lambda: save(trace_document(traced.words, ordered), path), self._written,
            label=t("app.job.exporting"),
        )  # fmt: skip

    def _written(self, path: Path) -> None:
        self._window.status.show_message(t("app.dialog.done", file=path))
