# What all plans of this folder share. A plan says which programs, headers and libraries of the machine stand behind the
# name of a package; the package holds links to them, and nothing of the machine is copied or changed.
#
#   host_programs=(NAME...)     programs for bin/; NAME=PROGRAM gives one another name
#   host_scripts=(NAME...)      programs that print where things are, such as apr-1-config: copied, and told the package's paths
#   host_headers=(PATH...)      files and folders below include/
#   host_libraries=(NAME...)    libNAME for linking and running
#   host_runtime=(PATTERN...)   files of the library folders, as they are called there
#   host_pconfig=(NAME...)      pkg-config files, rewritten to point into the package
#   host_texts=(TO=FROM...)     files that name paths: copied, and told the package's paths
#   host_files=(TO=FROM...)     anything else; FROM is absolute, TO relative to the package
#
# The first of the first list that is not empty must be there, or the machine cannot stand in for the package. HOST_ROOT
# names a folder that is looked into before / (an unpacked tree of packages of the same distribution).

pkg_origin=core
pkg_maintainer="Whoever runs this machine"
pkg_license=('LicenseRef-host')
pkg_upstream_url="https://github.com/habitat-ts/habitat/blob/main/docs/build.md"
: "${pkg_description:=The $pkg_name of the machine that built this package}"

HOST_ROOT=${HOST_ROOT:-}
_host_roots=("")
[[ -z $HOST_ROOT ]] || _host_roots=("$HOST_ROOT" "")
_host_triple="${HOSTTYPE}-linux-gnu"
_host_program_dirs=(/usr/bin /bin /usr/sbin /sbin /usr/local/bin /usr/local/sbin)
_host_include_dirs=(/usr/include "/usr/include/$_host_triple" /usr/local/include)
_host_library_dirs=("/usr/lib/$_host_triple" "/lib/$_host_triple" /usr/lib64 /lib64 /usr/lib /lib /usr/local/lib)
_host_pconfig_dirs=("/usr/lib/$_host_triple/pkgconfig" /usr/lib64/pkgconfig /usr/lib/pkgconfig /usr/share/pkgconfig /usr/local/lib/pkgconfig)

# First existing PATH below the folders that follow, all roots tried; the answer is in REPLY.
_host_find() {
  local name=$1 root dir
  shift
  for root in "${_host_roots[@]}"; do
    for dir in "$@"; do
      REPLY=$root$dir/${name#/}
      [[ ! -e $REPLY ]] || return 0
    done
  done
  return 1
}

_host_program() { _host_find "${1#*=}" "${_host_program_dirs[@]}" && [[ -f $REPLY && -x $REPLY ]]; }
_host_header() { _host_find "$1" "${_host_include_dirs[@]}"; }
_host_library() { _host_find "lib$1.so" "${_host_library_dirs[@]}" || _host_find "lib$1.a" "${_host_library_dirs[@]}"; }
_host_pconfig() { _host_find "$1.pc" "${_host_pconfig_dirs[@]}"; }
_host_file() { _host_find "${1#*=}" ""; }
_host_text() { _host_file "$1"; }

# Files of the library folders that fit a pattern; of two with one name the first counts.
_host_runtime() {
  local root dir file
  local -A seen=()
  REPLY=()
  for root in "${_host_roots[@]}"; do
    for dir in "${_host_library_dirs[@]}"; do
      while IFS= read -r file; do
        [[ -n ${seen[${file##*/}]:-} ]] && continue
        seen[${file##*/}]=1
        REPLY+=("$file")
      done < <(compgen -G "$root$dir/$1")
    done
  done
  [[ ${#REPLY[@]} -gt 0 ]]
}

# Prints what the machine lacks: `needed THING` when nothing can be done without, else `without THING`.
host_survey() {
  local kind list item first=needed
  for kind in program header library runtime pconfig script text file; do
    case $kind in
      library) list=host_libraries ;;
      runtime | pconfig) list=host_$kind ;;
      *) list=host_${kind}s ;;
    esac
    declare -p "$list" >/dev/null 2>&1 || continue
    local -n items=$list
    for item in "${items[@]}"; do
      local test=$kind
      [[ $kind != script ]] || test=program
      "_host_$test" "$item" || echo "$first $kind ${item%%=*}"
      first=without
    done
    unset -n items
  done
}

# The version that the machine's own files tell, 0 if they do not.
_host_version() {
  local file text
  for file in "${host_pconfig[@]}"; do
    _host_pconfig "$file" || continue
    text=$(sed -n 's/^Version:[[:space:]]*//p' "$REPLY")
    [[ ! $text =~ ^[0-9][0-9A-Za-z.]*$ ]] || { echo "$text"; return; }
  done
  for file in "${host_programs[@]:0:1}" "${host_scripts[@]:0:1}"; do
    _host_program "$file" || continue
    text=$(LC_ALL=C "$REPLY" --version </dev/null 2>&1 | head -n 3)
    [[ ! $text =~ [0-9]+(\.[0-9]+)+[a-z]? ]] || { echo "${BASH_REMATCH[0]}"; return; }
    [[ ! ${text%%$'\n'*} =~ [[:space:]]([0-9]+) ]] || { echo "${BASH_REMATCH[1]}"; return; }
  done
  for file in "${host_libraries[@]}"; do
    _host_library "$file" || continue
    text=$(readlink -f -- "$REPLY")
    [[ ! ${text##*.so.} =~ ^[0-9]+(\.[0-9]+)+$ ]] || { echo "${BASH_REMATCH[0]}"; return; }
  done
  echo 0
}
[[ -n ${pkg_version:-} ]] || pkg_version=$(_host_version)

pkg_bin_dirs=() pkg_lib_dirs=() pkg_include_dirs=() pkg_pconfig_dirs=()
[[ -z "${host_programs[*]}${host_scripts[*]}" && " ${host_files[*]}" != *" bin/"* ]] || pkg_bin_dirs=(bin)
[[ -z "${host_libraries[*]}${host_runtime[*]}" ]] || pkg_lib_dirs=(lib)
[[ -z "${host_headers[*]}" ]] || pkg_include_dirs=(include)
[[ -z "${host_pconfig[*]}" ]] || pkg_pconfig_dirs=(lib/pkgconfig)

do_begin() {
  local lacks
  lacks=$(host_survey | sed -n 's/^needed //p')
  [[ -z $lacks ]] || exit_with "This machine has no $lacks to stand in for $pkg_origin/$pkg_name" 1
}

do_build() {
  return 0
}

do_install() {
  local item file
  for item in "${host_programs[@]}"; do
    ! _host_program "$item" || _host_link "$REPLY" "bin/${item%%=*}"
  done
  for item in "${host_scripts[@]}"; do
    ! _host_program "$item" || _host_rewrite "$REPLY" "bin/${item%%=*}" 0755
  done
  for item in "${host_headers[@]}"; do
    _host_link_header "$item"
  done
  for item in "${host_libraries[@]}"; do
    for file in "lib$item.so" "lib$item.a" "lib$item.so.*"; do
      _host_link_runtime "$file"
    done
  done
  for item in "${host_runtime[@]}"; do
    _host_link_runtime "$item"
  done
  for item in "${host_pconfig[@]}"; do
    ! _host_pconfig "$item" || _host_rewrite "$REPLY" "lib/pkgconfig/$item.pc" 0644
  done
  for item in "${host_texts[@]}"; do
    ! _host_text "$item" || _host_rewrite "$REPLY" "${item%%=*}" "$([[ -x $REPLY ]] && echo 0755 || echo 0644)"
  done
  for item in "${host_files[@]}"; do
    ! _host_file "$item" || _host_link "$REPLY" "${item%%=*}"
  done
}

# Nothing here is ours to strip.
do_strip() {
  return 0
}

_host_link() {
  local to=$pkg_prefix/$2
  mkdir -p "${to%/*}"
  [[ -L $to ]] || ln -s "$1" "$to"
}

# A link in one root may mean a file in another: what is installed is not unpacked again.
_host_link_runtime() {
  local file files
  _host_runtime "$1" || return 0
  files=("${REPLY[@]}")
  for file in "${files[@]}"; do
    REPLY=$file
    [[ -e $file ]] || _host_find "$(basename "$(readlink "$file")")" "${_host_library_dirs[@]}" || continue
    _host_link "$REPLY" "lib/${file##*/}"
  done
}

# A folder of headers may lie in several places, each with a part: then its files are linked one by one.
_host_link_header() {
  local root dir found=()
  for root in "${_host_roots[@]}"; do
    for dir in "${_host_include_dirs[@]}"; do
      [[ ! -e $root$dir/$1 ]] || found+=("$root$dir/$1")
    done
  done
  if [[ ${#found[@]} -gt 1 && -d ${found[0]} ]]; then
    for dir in "${found[@]}"; do
      mkdir -p "$pkg_prefix/include/$1"
      cp -R --symbolic-link --no-clobber "$dir/." "$pkg_prefix/include/$1/" || true
    done
  elif [[ ${#found[@]} -gt 0 ]]; then
    _host_link "${found[0]}" "include/$1"
  fi
}

# Paths of the machine become paths of the package.
_host_rewrite() {
  local to=$pkg_prefix/$2 out
  mkdir -p "${to%/*}"
  out=$(sed -E -e "s#/(lib|include)/$_host_triple#/\\1#g; s#^prefix=.*#prefix=$pkg_prefix#" \
    -e "s#\\$\{pcfiledir\}/../..#$pkg_prefix#g; s#\\$\{prefix\}/usr#$pkg_prefix#g" \
    -e "s#/usr/(include|lib|share/apr-1.0)\\>#$pkg_prefix/\\1#g; s#([=\"'])/usr([\"']?)\$#\\1$pkg_prefix\\2#" "$1")
  printf '%s\n' "$out" >"$to"
  chmod "$3" "$to"
}
