"""Whether contracts offered at once are all kept: the choice of DESIGN 7 played by hand, seat by seat.

The choice does not depend on the order in which contracts come: what it makes of a set and one more is what it makes of
its choice from the set, and that one. So they come one after the other, and those that are displaced are gone.
"""

from __future__ import annotations

from collections import deque

from engine.model.market import Ints
from engine.verify.lists import Lists, Mask
from engine.verify.seating import Seating


class Table:
    """Who sits where while contracts come in.

    Parameters
    ----------
    among : bool[n+f], all who may meet those that come in

    Attributes
    ----------
    at : dict of posts to the contracts seated there
    """

    def __init__(self, now: Seating, among: Mask) -> None:
        self.lists, self.seats = now.lists, now.seats
        self.at: dict[int, list[int]] = {}
        for candidate in now.seated[among[now.seated]].tolist():
            self.at.setdefault(int(now.post[candidate]), []).append(int(now.contract[candidate]))

    def keeps_all(self, contracts: Ints) -> bool:
        """Whether all of these are kept, offered beside what is held."""
        offered = contracts.tolist()
        return all(self._seat(contract) for contract in offered) and self._has(offered)

    def _has(self, contracts: list[int]) -> bool:
        seated = {contract for there in self.at.values() for contract in there}
        return seated.issuperset(contracts)

    def _seat(self, contract: int) -> bool:
        """Take a contract in, the weakest that can make room going; False where that is the contract itself."""
        came = self._reached(contract)
        free = next((post for post in came if len(self.at.get(post, ())) < self.seats[post]), None)
        if free is not None:
            self._shift(contract, free, came)
            return True
        priority = self.lists.priority
        there = [(int(priority[other]), other, post) for post in came for other in self.at.get(post, ())]
        weakest = min(there, default=None)
        if weakest is None or weakest[0] > priority[contract]:
            return False
        self.at[weakest[2]].remove(weakest[1])
        self._shift(contract, weakest[2], came)
        return True

    def _reached(self, contract: int) -> dict[int, tuple[int, int]]:
        """The posts that a walk from the zone meets, in its order: each with who may come there, and from which post.

        Whoever starts the walk comes from post -1.
        """
        came: dict[int, tuple[int, int]] = {}
        ahead, zones = deque([(contract, -1)]), set[int]()
        while ahead:
            mover, start = ahead.popleft()
            zone = int(self.lists.zone[mover])
            if zone in zones:
                continue
            zones.add(zone)
            for post in posts_of(self.lists, zone):
                if post not in came:
                    came[post] = (mover, start)
                    ahead.extend((other, post) for other in self.at.get(post, ()))
        return came

    def _shift(self, contract: int, post: int, came: dict[int, tuple[int, int]]) -> None:
        """Everybody on the way to a seat that is empty moves up, and the contract is seated."""
        while post >= 0:
            mover, start = came[post]
            if start >= 0:
                self.at[start].remove(mover)
            self.at.setdefault(post, []).append(mover)
            post = start


def posts_of(lists: Lists, zone: int) -> list[int]:
    posts: list[int] = lists.zone_post[lists.zone_ptr[zone] : lists.zone_ptr[zone + 1]].tolist()
    return posts
