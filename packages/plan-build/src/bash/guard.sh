# Waits beside a build that builds an installed release again, and puts the installed one back when the build program dies
# without having done so. Arguments: the package's directory, where it was put aside, the bash process of the build, and
# when that one started.

IFS= read -r word || word=
if [[ $word == done ]]; then exit 0; fi

# Fields of a process behind its name, which may hold anything: state, parent, ..., start at 20.
fields=()
look() { # PID
  fields=()
  [[ -r /proc/$1/stat ]] || return 0
  local line
  IFS= read -r -d '' line </proc/"$1"/stat || :
  read -r -a fields <<<"${line##*) }" || :
}

# Every process below one, itself first.
tree=()
find_tree() { # PID
  local path pid count=0
  tree=("$1")
  local -A below=([$1]=1)
  while ((count != ${#tree[@]})); do
    count=${#tree[@]}
    for path in /proc/[0-9]*; do
      pid=${path#/proc/}
      look "$pid"
      if [[ -z ${below[$pid]-} && -n ${below[${fields[1]:-none}]-} ]]; then
        below[$pid]=1
        tree+=("$pid")
      fi
    done
  done
}

# What still builds would write into the package that comes back.
look "$3"
if [[ -n $4 && ${fields[19]-} == "$4" ]]; then
  find_tree "$3"
  kill -STOP "${tree[@]}" 2>/dev/null
  find_tree "$3"
  kill -KILL "${tree[@]}" 2>/dev/null
fi
if [[ -d $2/replaced ]]; then
  chmod -R u+rwX -- "$1" 2>/dev/null
  rm -rf -- "$1"
  mv -- "$2/replaced" "$1"
fi
rm -rf -- "$2"
