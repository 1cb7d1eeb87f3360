"""What teams of the demonstration tell each other: several territories, every kind, one message to look at again."""

from copa.demo.community import write_community
from copa.demo.loader import Plan
from copa.kernel import scope
from territories.enums import PostKind
from territories.models import Member, Post
from tests.community import as_member
from tests.demo.conftest import inside


def test_teams_of_several_territories_talk(plan: Plan) -> None:
    assert write_community(plan) > 6

    with scope.opened(inside("vallees-de-l-est")):
        members = Member.objects.select_related("user", "territory")
        elise = members.get(user__email="coordination@vallees.copa.example")
        left_out = members.get(user__email="equipe2@vallees.copa.example")
    with as_member(elise):
        assert set(Post.objects.topics().values_list("kind", flat=True)) == set(PostKind.values)
        assert Post.objects.values("place").distinct().order_by().count() == 2
        assert Post.objects.pointed_out().count() == 1
        assert not Post.objects.filter(written_at__gt=plan.at).exists()
    with as_member(left_out):
        assert not Post.objects.visible_to(left_out).exists()
