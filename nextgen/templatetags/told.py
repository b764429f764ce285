"""The public log in templates: `{% load told %}`."""

from django import template

from nextgen import told

register = template.Library()

for words in (told.page_of, told.field_of, told.value_of, told.role_of, told.type_of):
    register.filter(words.__name__, words)
