"""Visitors who are no readers: link previews of chats and mails, and browsers that fetch ahead."""

import re

from django.http import HttpRequest

# What fetches a page to show its first lines to others. Their makers publish these names.
_PREVIEWS = re.compile(
    r"facebookexternalhit|facebookcatalog|whatsapp|slackbot|slack-imgproxy|twitterbot|telegrambot"
    r"|discordbot|linkedinbot|skypeuripreview|skype-url-preview|microsoftpreview|viber|line-poker"
    r"|google-pagerenderer|googlemessages|applebot|iframely|embedly|redditbot|mastodon|snapchat"
    r"|pinterest|bitlybot|vkshare|zoombot|bingpreview|signal-desktop",
    re.IGNORECASE,
)


def is_preview(request: HttpRequest) -> bool:
    """Whether this is a preview for others rather than the reader."""
    return bool(_PREVIEWS.search(request.headers.get("User-Agent", "")))


def is_fetched_ahead(request: HttpRequest) -> bool:
    """Whether a browser fetches the page before anybody asked to see it."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in purpose or "preview" in purpose for purpose in purposes)
