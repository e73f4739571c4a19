#!/bin/sh
# Makes a Debian or Ubuntu machine a kiosk: Chromium alone on the screen, started again whatever
# happens. Run as root. See README.md beside this file.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
DESTDIR=${DESTDIR:-}
DRY_RUN=
SERVER=
SCREEN_ON=
SCREEN_OFF=
ROTATE=normal
ACTION=install
USER_NAME=kiosk
PACKAGES="cage wlopm wlr-randr chromium python3 fonts-noto-core fonts-noto-color-emoji"

usage() {
    cat <<'TEXT'
install.sh --server https://turnos.example [--screen-on HH:MM --screen-off HH:MM]
           [--rotate normal|90|180|270] [--dry-run]
install.sh --uninstall [--dry-run]

DESTDIR=/somewhere places the files there and touches nothing of this machine.
TEXT
}

fail() {
    printf '%s\n' "$1" >&2
    exit 2
}

run() {
    if [ -n "$DRY_RUN" ]; then
        printf 'would run: %s\n' "$*"
    elif [ -n "$DESTDIR" ]; then
        printf 'not here: %s\n' "$*"
    else
        "$@"
    fi
}

# place MODE FILE TARGET: put a file of ours where it belongs.
place() {
    if [ -n "$DRY_RUN" ]; then
        printf 'would place: %s\n' "$3"
        return
    fi
    mkdir -p "$(dirname "$DESTDIR$3")"
    sed -e "s|@SERVER@|$SERVER|g" -e "s|@ORIGIN@|$ORIGIN|g" -e "s|@HOST@|$HOST|g" \
        -e "s|@ROTATE@|$ROTATE|g" -e "s|@USER@|$USER_NAME|g" \
        -e "s|@SCREEN_ON@|$SCREEN_ON|g" -e "s|@SCREEN_OFF@|$SCREEN_OFF|g" \
        "$HERE/files/$2" >"$DESTDIR$3"
    chmod "$1" "$DESTDIR$3"
    printf 'placed: %s\n' "$3"
}

discard() {
    if [ -n "$DRY_RUN" ]; then
        printf 'would remove: %s\n' "$1"
    elif [ -e "$DESTDIR$1" ]; then
        rm -f "$DESTDIR$1"
        printf 'removed: %s\n' "$1"
    fi
}

check_hour() {
    case $1 in
        [01][0-9]:[0-5][0-9] | 2[0-3]:[0-5][0-9]) ;;
        *) fail "$1 is not an hour such as 07:30." ;;
    esac
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --server | --screen-on | --screen-off | --rotate)
                [ $# -ge 2 ] || fail "$1 needs a value."
                ;;
        esac
        case $1 in
            --server) SERVER=${2%/} && shift ;;
            --screen-on) SCREEN_ON=$2 && check_hour "$2" && shift ;;
            --screen-off) SCREEN_OFF=$2 && check_hour "$2" && shift ;;
            --rotate) ROTATE=$2 && shift ;;
            --dry-run) DRY_RUN=1 ;;
            --uninstall) ACTION=uninstall ;;
            -h | --help) usage && exit 0 ;;
            *) usage >&2 && fail "Unknown option $1." ;;
        esac
        shift
    done
}

check_options() {
    case $SERVER in
        https://?* | http://?*) ;;
        *) fail "Give the server: --server https://turnos.example" ;;
    esac
    case $SERVER in
        *[!A-Za-z0-9.:/_-]*) fail "$SERVER is not an address of a server." ;;
    esac
    case $ROTATE in
        normal | 90 | 180 | 270) ;;
        *) fail "Rotate by normal, 90, 180 or 270." ;;
    esac
    if [ -n "$SCREEN_ON$SCREEN_OFF" ]; then
        [ -n "$SCREEN_ON" ] || fail "Give --screen-on as well as --screen-off."
        [ -n "$SCREEN_OFF" ] || fail "Give --screen-off as well as --screen-on."
    fi
    ORIGIN=$SERVER
    HOST=${SERVER#*://}
    HOST=${HOST%%/*}
}

check_machine() {
    [ -z "$DESTDIR$DRY_RUN" ] || return 0
    [ "$(id -u)" = 0 ] || fail "Run this as root."
    command -v apt-get >/dev/null || fail "This is for Debian and Ubuntu."
}

install_packages() {
    run apt-get update
    # shellcheck disable=SC2086 # one word per package
    run apt-get install --yes --no-install-recommends $PACKAGES
}

make_user() {
    if [ -n "$DESTDIR$DRY_RUN" ] || ! id "$USER_NAME" >/dev/null 2>&1; then
        run useradd --create-home --shell /usr/sbin/nologin --groups video,audio,input "$USER_NAME"
    fi
}

place_files() {
    place 0755 session /usr/local/lib/turnero-kiosk/session
    place 0755 watchdog.py /usr/local/lib/turnero-kiosk/watchdog
    place 0755 screen /usr/local/lib/turnero-kiosk/screen
    place 0644 kiosk.conf /etc/turnero-kiosk.conf
    place 0644 turnero-kiosk.service /etc/systemd/system/turnero-kiosk.service
    place 0644 pam /etc/pam.d/turnero-kiosk
    place 0644 policy.json /etc/chromium/policies/managed/turnero-kiosk.json
    place 0644 policy.json /etc/opt/chrome/policies/managed/turnero-kiosk.json
    place 0644 turnero-kiosk-nightly.service /etc/systemd/system/turnero-kiosk-nightly.service
    place 0644 turnero-kiosk-nightly.timer /etc/systemd/system/turnero-kiosk-nightly.timer
    if [ -n "$SCREEN_ON" ]; then
        place 0644 turnero-screen@.service /etc/systemd/system/turnero-screen@.service
        place 0644 turnero-screen-on.timer /etc/systemd/system/turnero-screen-on.timer
        place 0644 turnero-screen-off.timer /etc/systemd/system/turnero-screen-off.timer
    fi
    place_printer_rules
}

# The printer without root, for the agent: rules that come with the agent's own files.
place_printer_rules() {
    for rules in "$HERE"/../../hardware/udev/*.rules; do
        [ -e "$rules" ] || continue
        target=/etc/udev/rules.d/$(basename "$rules")
        if [ -n "$DRY_RUN" ]; then
            printf 'would place: %s\n' "$target"
            continue
        fi
        mkdir -p "$DESTDIR/etc/udev/rules.d"
        cp "$rules" "$DESTDIR$target"
        chmod 0644 "$DESTDIR$target"
        printf 'placed: %s\n' "$target"
    done
}

start() {
    run udevadm control --reload
    run systemctl daemon-reload
    run systemctl disable --now getty@tty1.service
    run systemctl enable turnero-kiosk.service turnero-kiosk-nightly.timer
    if [ -n "$SCREEN_ON" ]; then
        run systemctl enable --now turnero-screen-on.timer turnero-screen-off.timer
    fi
    run systemctl set-default graphical.target
    run systemctl restart turnero-kiosk.service
}

uninstall() {
    run systemctl disable --now turnero-kiosk.service turnero-kiosk-nightly.timer
    run systemctl disable --now turnero-screen-on.timer turnero-screen-off.timer
    for file in \
        /usr/local/lib/turnero-kiosk/session /usr/local/lib/turnero-kiosk/watchdog \
        /usr/local/lib/turnero-kiosk/screen /etc/turnero-kiosk.conf \
        /etc/systemd/system/turnero-kiosk.service /etc/pam.d/turnero-kiosk \
        /etc/chromium/policies/managed/turnero-kiosk.json \
        /etc/opt/chrome/policies/managed/turnero-kiosk.json \
        /etc/systemd/system/turnero-kiosk-nightly.service \
        /etc/systemd/system/turnero-kiosk-nightly.timer \
        /etc/systemd/system/turnero-screen@.service \
        /etc/systemd/system/turnero-screen-on.timer \
        /etc/systemd/system/turnero-screen-off.timer; do
        discard "$file"
    done
    for rules in "$HERE"/../../hardware/udev/*.rules; do
        [ -e "$rules" ] && discard "/etc/udev/rules.d/$(basename "$rules")"
    done
    run systemctl daemon-reload
    run systemctl enable --now getty@tty1.service
    printf 'The user %s and its profile stay; remove them with: userdel --remove %s\n' \
        "$USER_NAME" "$USER_NAME"
}

read_options "$@"
check_machine
if [ "$ACTION" = uninstall ]; then
    uninstall
    exit 0
fi
check_options
install_packages
make_user
place_files
start
printf 'Done. On the screen choose “Set up this machine” and type its code at %s/admin/devices.\n' "$SERVER"
