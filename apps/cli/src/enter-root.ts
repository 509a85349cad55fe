/**
 * Runs inside fresh namespaces as `sh -c ENTER_ROOT hab-root DIR CWD COMMAND...`: makes DIR `/hab` and becomes COMMAND.
 *
 * A machine with a `/hab` gets a bind mount over it. Without one, which an ordinary user cannot create, the root becomes
 * a tmpfs that carries everything of the old root and `/hab` beside it. All mounts go in one `mount` call.
 */
export const ENTER_ROOT = `set -eu
dir=$1 cwd=$2
shift 2
if [ -d /hab ]; then
  mount --bind "$dir" /hab
else
  new=$(mktemp -d)
  mount -t tmpfs -o mode=0755 hab-root "$new"
  table=$new/.mounts
  : > "$table"
  escape() {
    escaped=$1
    case $escaped in *[!A-Za-z0-9._/-]*)
      escaped=$(printf %s "$1" | sed 's/\\\\/\\\\134/g; s/ /\\\\040/g; s/	/\\\\011/g; s/#/\\\\043/g') ;;
    esac
  }
  escape "$new"
  target=$escaped
  for entry in /* /.[!.]*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    [ "$entry" = /hab ] && continue
    if [ -L "$entry" ]; then
      cp -P -- "$entry" "$new$entry"
    elif [ -d "$entry" ]; then
      mkdir -- "$new$entry"
      escape "$entry"
      printf '%s %s none rbind 0 0\\n' "$escaped" "$target$escaped" >> "$table"
    elif [ -f "$entry" ]; then
      : > "$new$entry"
      escape "$entry"
      printf '%s %s none bind 0 0\\n' "$escaped" "$target$escaped" >> "$table"
    fi
  done
  mkdir "$new/hab" "$new/.old"
  escape "$dir"
  printf '%s %s/hab none bind 0 0\\n' "$escaped" "$target" >> "$table"
  mount --all --fstab "$table" || { echo "hab: cannot build the private root" >&2; exit 1; }
  rm -- "$table"
  cd "$new"
  # An ordinary user's search path seldom has the programs of administrators.
  PATH=$PATH:/usr/sbin:/sbin pivot_root . .old
  umount -l /.old
  rmdir /.old
  # The old mount point shows through the bind of its parent, mount and all.
  umount -l "$new" 2>/dev/null || true
  rmdir "$new" 2>/dev/null || true
fi
cd "$cwd" 2>/dev/null || cd /
exec "$@"
`;
