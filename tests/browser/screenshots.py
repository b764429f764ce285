"""Pictures of the site for `docs/screenshots/`: run by `make screenshots`."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from tests import conftest

conftest.django.setup()

from tests.browser.pages import LANGUAGES, address  # noqa: E402

FOLDER = conftest.ROOT / "docs/screenshots"
WIDTHS = {360: 1600, 1280: 1600}
SHOTS = [
    *(("home", language, "light") for language in LANGUAGES),
    ("home", "en", "dark"),
    *((place, "en", "light") for place in ("projects", "project", "milestones")),
]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/pictures.sqlite3"
        with (
            conftest.served(database, Path(folder, "log")) as site,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=conftest.shutil.which("chromium"),
                args=["--no-sandbox", "--disable-gpu"],
            )
            for place, language, scheme in SHOTS:
                for width, height in WIDTHS.items():
                    page = browser.new_page(
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if scheme == "dark" else "light",
                    )
                    page.goto(site + address(place, language))
                    night = "-dark" if scheme == "dark" else ""
                    file = FOLDER / f"{place}-{width}-{language}{night}.png"
                    page.screenshot(path=file)
                    page.close()
                    sys.stdout.write(f"{file.relative_to(conftest.ROOT)}\n")


if __name__ == "__main__":
    main()
