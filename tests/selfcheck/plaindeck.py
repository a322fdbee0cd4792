"""The review deck of the plain model."""

from tests.selfcheck.plainparts import Card, Question, when


class Deck:
    """What `Reader` knows of cards; it brings quiz, items, time, and what was seen."""

    def move_cards(self) -> None:
        families = {item["family"] for item in self.quiz["items"]}
        for name in sorted(self.cards):
            item = self.items.get(self.cards[name].last[0])
            if name in families or item is None:
                continue
            card, there = self.cards.pop(name), self.cards.get(item["family"])
            if there:
                never = when("9999-01-01T00:00:00.000Z")
                alarm = card.alarm or there.alarm
                if (there.box, there.due or never) <= (card.box, card.due or never):
                    card = there
                card.alarm = alarm
            self.cards[item["family"]] = card

    def is_due(self, family: str) -> bool:
        card = self.cards.get(family)
        known = any(item["family"] == family for item in self.quiz["items"])
        return bool(card and known and card.due and card.due <= self.at)

    def due(self) -> list[str]:
        """Return what is due: what the reader was sure of and wrong about first."""
        names = sorted(filter(self.is_due, self.cards))
        names.sort(key=lambda name: self.cards[name].due)
        return sorted(names, key=lambda name: self.cards[name].alarm, reverse=True)

    def ask(self, event: dict) -> None:
        family = event["family"]
        if not self.is_due(family):
            return
        card = self.cards[family]
        if card.asked and card.asked.verdict == "open":
            return
        kin = [i["id"] for i in self.quiz["items"] if i["family"] == family]
        siblings = [name for name in kin if name != card.last[0]]
        card.asked = Question.seen_in(self.after["deck"][family]["entry"])
        if siblings:
            self.best_of(card.asked.item, siblings)
        else:
            variants = self.items[card.last[0]]["variants"]
            following = (card.last[0], (card.last[1] + 1) % variants)
            assert (card.asked.item, card.asked.variant) == following
        self.seen[card.asked.item] = self.seen.get(card.asked.item, 0) + 1

    def review(self, event: dict) -> None:
        card = self.cards.get(event["family"])
        question = card and card.asked
        if question and question.verdict == "open" and question.item in self.items:
            question.tries.append((event["right"], event.get("confidence")))
            self.end_review(card, question)

    def review_give_up(self, event: dict) -> None:
        card = self.cards.get(event["family"])
        if card and card.asked and card.asked.verdict == "open":
            card.asked.given_up = True
            self.end_review(card, card.asked)

    def end_review(self, card: Card, question: Question) -> None:
        if question.verdict == "open":
            return
        right, points = question.verdict == "right", question.points
        card.last = (question.item, question.variant)
        self.reviews.append((*card.last, right, points, question.doubt))
        self.rest(question.item)
        self.move(card, right, points)
        card.alarm = not right and question.doubt == "sure"

    def move(self, card: Card, right: bool, points: float) -> None:
        waits = self.quiz["review"]
        if not right:
            card.box = 0
        elif points == 1:
            card.box = min(card.box + 1, len(waits))
        card.due = self.days(waits[card.box]) if card.box < len(waits) else None

    def reviewed(self, event: dict) -> None:
        card = self.cards.get(event["family"])
        if not card:
            return
        if not event["right"] or self.is_due(event["family"]):
            self.move(card, event["right"], event["points"])
            card.asked = None
        card.last = (event["item"], event["variant"])
        card.alarm = not event["right"] and event["confidence"] == "sure"
        self.rest(event["item"])
