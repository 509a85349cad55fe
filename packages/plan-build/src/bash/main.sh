# Sourcing a plan must happen outside every function, or its `declare` would make local variables: so this loop is at the
# top, and the other side sends what to run.

__hab_watch
__hab_send ready
while IFS= builtin read -r -d '' -u "$__hab_in" __hab_segment; do
  [[ $__hab_segment == 0:* ]] || continue
  builtin eval "${__hab_segment#*:}"
  __hab_send ready
done
__hab_lost
