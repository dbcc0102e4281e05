"""The command itself: its exit codes, and what several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

REFUSED, USAGE, VERDICT_FAILED, TIME_LIMIT, INTERRUPTED = 1, 2, 3, 4, 130
LARGEST_SEED = 2**63 - 1

app = typer.Typer(
    help="Assigns teachers to posts: checks a campaign, scores wishes, solves, verifies, explains and reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[Path, typer.Argument(help="Campaign folder: campaign.toml and its tables.", show_default=False)]
FolderOrYear = Annotated[
    Path, typer.Argument(help="Campaign folder, or year folder: year.toml and campaign folders.", show_default=False)
]
VariantFile = Annotated[
    Path | None, typer.Option("--variant", metavar="FILE", help="Variant to lay on the campaign.", show_default=False)
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="OPTION=VALUE", help="Replace an option of the campaign (may be repeated)."),
]
Csv = Annotated[bool, typer.Option("--csv", help="Write CSV tables instead of Parquet.")]
Report = Annotated[bool, typer.Option(help="Write report.html.")]
ReportLanguage = Annotated[str, typer.Option("--lang", help="Language of the report: fr or en.")]
Language = Annotated[str, typer.Option("--lang", help="fr or en.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put the new folder in the place of one that exists.")]
