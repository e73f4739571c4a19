"""Why somebody could not sign in through the city's provider."""

from turnero_core.errors import Unauthorized
from turnero_core.i18n import N_

AGAIN = N_("This sign-in took too long or was used before. Begin again.")
NO_ANSWER = N_("The city's sign-in does not answer. Try again, or tell an administrator.")
NOT_BELIEVED = N_("The city's sign-in answered what cannot be trusted. Tell an administrator.")
REFUSED = N_("The city's sign-in did not let you in, or you cancelled.")
UNKNOWN = N_("You have no account here yet. Ask an administrator to make one.")
UNVERIFIED = N_("The city's sign-in has not verified your address yet.")
TAKEN = N_("That account belongs to somebody else of the city's sign-in. Ask an administrator.")
NOT_IN_USE = N_("Your account here is out of use. Ask an administrator.")
NO_ROLE = N_("Your account here has no role yet. Ask an administrator to give you one.")
NO_SECRET = N_("The city's sign-in is not set up completely. Tell an administrator.")


class Trouble(Unauthorized):
    """`detail` is for the person who signs in; `why`, in English, for the audit log. Neither
    holds anything that the provider said of somebody."""

    slug = "city-sign-in"
    title = N_("Not signed in")

    def __init__(self, said: str, why: str) -> None:
        super().__init__(said)
        self.why = why
