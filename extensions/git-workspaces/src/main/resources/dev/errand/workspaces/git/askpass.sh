#!/bin/sh
# Answers the questions of git for the user name and the password of one server, and no others.
case "$1" in
    "Username for '$ERRAND_GIT_SCHEME://$ERRAND_GIT_HOST': ")
        printf '%s\n' "$ERRAND_GIT_USER" ;;
    "Password for '$ERRAND_GIT_SCHEME://$ERRAND_GIT_USER@$ERRAND_GIT_HOST': ")
        cat "$ERRAND_GIT_SECRET_FILE" ;;
    *)
        exit 1 ;;
esac
