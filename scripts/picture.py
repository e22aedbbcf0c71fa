"""Take the picture of the desk that the README shows: a real service, an invented letter, the case page."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page

from tests.browser.chromium import MISSING, PROGRAM, browser
from tests.processes import Process
from tests.servers import free_port

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "desk.png"


def main() -> int:
    """Start a desk of its own, bring one letter to its draft, and write docs/desk.png."""
    if PROGRAM is None:
        print(MISSING)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        ports = {
            "CONSULTANT_WEB__PORT": str(port),
            "CONSULTANT_LOCAL__SMTP_PORT": str(free_port()),
            "CONSULTANT_LOCAL__IMAP_PORT": str(free_port()),
        }
        with Process("up", cwd=Path(folder), env=ports) as service, browser() as chromium:
            service.wait_for("Ctrl-C stops it", seconds=120)
            secret = service.wait_for(r"(\w{5}-\w{5}-\w{5}-\w{5})").group(1)
            page = chromium.new_page(viewport={"width": 1440, "height": 1000})
            take(page, f"http://127.0.0.1:{port}", secret)
    print(f"Wrote {PICTURE.relative_to(ROOT)}")
    return 0


def take(page: Page, address: str, secret: str) -> None:
    """Go through the desk as a reviewer and take the picture."""
    page.goto(f"{address}/local?sample=lesion-benign")
    page.get_by_role("button", name="Send to the desk").click()
    page.locator("#inbox li").first.wait_for(timeout=30_000)
    page.goto(f"{address}/queue")
    page.get_by_label("Login").fill("reviewer")
    page.get_by_label("Password").fill(secret)
    page.get_by_role("button", name="Log in").click()
    page.locator("a[href^='/cases/']").first.click()
    page.get_by_role("button", name="Claim this case").first.click()
    page.locator("#text").wait_for()
    page.screenshot(path=PICTURE)


if __name__ == "__main__":
    sys.exit(main())
