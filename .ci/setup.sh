# Shared by ./run, ./test and .ci/run: system packages, a virtual environment, locked Python packages. Sourced, not run.
# Says what it does; does nothing that is already done.

say() { printf '→ %s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

find_python() {
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else fail "Trebuie instalate pachete de sistem ($*), dar nu sunteți root și nu există sudo."
  fi
}

install_packages() {
  command -v apt-get >/dev/null 2>&1 || fail "Lipsesc pachetele $*; instalați-le (aici nu există apt-get)."
  say "Instalez pachetele de sistem: $*"
  as_root apt-get update -qq || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null || fail "Pachetele $* nu s-au putut instala."
}

# prepare_documents: the libraries that PDFs are made with; without them everything else still runs.
prepare_documents() {
  missing=()
  for pair in libpango-1.0.so.0=libpango-1.0-0 libpangoft2-1.0.so.0=libpangoft2-1.0-0 libharfbuzz-subset.so.0=libharfbuzz-subset0; do
    .venv/bin/python -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "${pair%%=*}" 2>/dev/null || missing+=("${pair#*=}")
  done
  [ "${#missing[@]}" = 0 ] && return 0
  (install_packages "${missing[@]}") || say "Fără pachetele ${missing[*]} produsul merge, dar nu poate face rapoarte PDF."
}

# prepare REQUIREMENTS: makes .venv hold exactly what the lock file says.
prepare() {
  lock=$1
  PYTHON_FOUND=$(find_python) || fail "Este nevoie de Python 3.11 sau mai nou (Debian 12, Ubuntu 24.04 sau mai noi îl au: apt-get install python3)."
  stamp=".venv/.installed-$(basename "$lock")"
  wanted=$("$PYTHON_FOUND" -c 'import hashlib,sys; print(hashlib.sha256(open(sys.argv[1],"rb").read()).hexdigest())' "$lock")
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  if [ ! -x .venv/bin/python ]; then
    "$PYTHON_FOUND" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    say "Fac mediul virtual .venv cu $("$PYTHON_FOUND" --version)"
    "$PYTHON_FOUND" -m venv .venv || fail "Mediul virtual nu s-a putut face."
  fi
  say "Instalez pachetele Python din $lock (versiuni fixate, sume verificate)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" || fail "Pachetele Python nu s-au putut instala."
  printf '%s' "$wanted" > "$stamp"
}
