"""Open a page in Chromium, the network cut; tell when every script has run, and when a frame is drawn."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TIMES = 7
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"


def main(page_file: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found, drawn = [], []
        for _ in range(TIMES):
            context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
            page = context.new_page()
            page.goto(page_file.as_uri())
            drawn.append(page.evaluate(DRAWN) / 1000)
            timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
            found.append(page.evaluate(timing) / 1000)
            context.close()
        browser.close()
    ready = statistics.median(found[1:])  # the first opening warms the browser
    print(json.dumps({"ready": [ready, None], "drawn": [statistics.median(drawn[1:]), None]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
