# Says what the machine has: `bash survey.sh FOLDER NAME...` prints for each plan one line of fields between tabs:
# name, version, description, and what host_survey found.
exists() { command -v "$1" >/dev/null 2>&1; }
folder=$1
shift
for name in "$@"; do
  (
    source "$folder/$name/plan.sh"
    IFS=$'\n' read -r -d '' -a lacks < <(host_survey)
    printf '%s' "$pkg_name"
    printf '\t%s' "$pkg_version" "$pkg_description" "${lacks[@]}"
    printf '\n'
  )
done
