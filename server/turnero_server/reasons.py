"""Why the system refuses a file or an address, in the reader's language."""

import errno

from turnero_core.i18n import N_, gettext

_WORDS = {
    errno.EADDRINUSE: N_("another program uses it"),
    errno.EADDRNOTAVAIL: N_("this machine does not have it"),
    errno.EACCES: N_("this user may not"),
    errno.EPERM: N_("this user may not"),
    errno.ENOENT: N_("there is no such folder or file"),
    errno.ENOTDIR: N_("there is no such folder or file"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk can only be read"),
}


def of(error: OSError) -> str:
    """The usual ones in words, the others as the system has them."""
    words = _WORDS.get(error.errno or 0)
    return gettext(words) if words else error.strerror or str(error)
