"""Keys of the console, pressed as a person presses them: once what they stand for is shown."""

from playwright.sync_api import Page, expect

# Two frames later.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def hotkey(page: Page, key: str) -> None:
    """Press `key` once something that can be done is marked with it."""
    marked = page.locator(f'[data-hotkey="{key.upper()}"]:not(:disabled):visible')
    expect(marked.first).to_be_visible()
    page.keyboard.press(key)


def escape(page: Page, dialog: str) -> None:
    """Close the dialog with that id. The browser takes the focus out of it with its next frame: a
    key pressed before, faster than any hand, would still be the dialog's."""
    page.keyboard.press("Escape")
    expect(page.locator(f"#{dialog}")).to_be_hidden()
    page.wait_for_function(DRAWN)
