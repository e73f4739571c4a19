"""How people judge the service, counted so that no answer leads back to a person."""

from turnero_queue.satisfaction.answering import answer, comment, forget_old, has_answered
from turnero_queue.satisfaction.comments import Comment, find, listed, remove
from turnero_queue.satisfaction.counting import FEW, Scores, counts, shown_of
from turnero_queue.satisfaction.occasions import Occasion, of_ticket, of_visit
from turnero_queue.satisfaction.survey import answers, bands, survey

__all__ = [
    "FEW",
    "Comment",
    "Occasion",
    "Scores",
    "answer",
    "answers",
    "bands",
    "comment",
    "counts",
    "find",
    "forget_old",
    "has_answered",
    "listed",
    "of_ticket",
    "of_visit",
    "remove",
    "shown_of",
    "survey",
]
