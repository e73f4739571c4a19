"""Keys of the console, pressed as a person presses them: once what they stand for is shown."""

from playwright.sync_api import Page, expect


def hotkey(page: Page, key: str) -> None:
    """Press `key` once something that can be done is marked with it."""
    marked = page.locator(f'[data-hotkey="{key.upper()}"]:not(:disabled):visible')
    expect(marked.first).to_be_visible()
    page.keyboard.press(key)
