"""`{% polled "pathways/_alert_watch.html" %}`: an include that its page asks for again, see `copa.kernel.polled`."""

from django import template
from django.utils.safestring import SafeString

from copa.kernel.polled import marked

register = template.Library()


@register.simple_tag(takes_context=True)
def polled(context: template.Context, name: str) -> SafeString:
    """The template in the context of its page, with the mark that the page sends back."""
    assert context.template is not None, "rendered by a template"
    with context.push():
        return marked(context.template.engine.get_template(name).render(context))
