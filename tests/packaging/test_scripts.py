"""The set-up of scripts/demo and scripts/test, tried piece by piece with programs of our own.

Each test runs functions of `scripts/_venv.sh` in a copy that lies in a folder with a space in
its name, with a PATH that holds only what the test puts there.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASH = shutil.which("bash") or ""
TOOLS = (
    "dirname",
    "cat",
    "grep",
    "rm",
    "rmdir",
    "env",
    "flock",
    "mkdir",
    "chmod",
    "touch",
    "sort",
    "find",
)

pytestmark = pytest.mark.skipif(not BASH or os.name == "nt", reason="needs bash")


class Machine:
    """A checkout and a PATH of its own."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.checkout = folder / "et ærlig navn"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in ("scripts/_venv.sh", "pyproject.toml", ".ci/lock.txt"):
            target = self.checkout / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, target)
        for tool in TOOLS:
            if found := shutil.which(tool):
                (self.bin / tool).symlink_to(found)
        self.program("id", "echo 1000")

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!{BASH}\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def python(self, name: str, *, without_venv: bool = False) -> None:
        """Put this run's Python on the PATH, if wanted as Debian's without python3-venv."""
        flag = f'[ -e "{self.bin}/venv-is-here" ] ||' if without_venv else "true ||"
        self.program(
            name,
            f'case "$*" in *ensurepip*) {flag} exit 1 ;; esac\nexec "{sys.executable}" "$@"',
        )

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BASH, "-c", f'. "{self.checkout}/scripts/_venv.sh"\n{script}'],
            env={"PATH": str(self.bin), "HOME": str(self.bin), **environment},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Machine:
    return Machine(tmp_path, root)


def test_no_python_tells_what_to_type(machine: Machine) -> None:
    done = machine.run("find_python")
    assert done.returncode == 2
    assert "Fant ikke Python 3.11 eller nyere" in done.stderr
    assert "sudo apt-get install python3 python3-venv" in done.stderr


def test_old_python_is_passed_over(machine: Machine) -> None:
    machine.program("python3.13", "exit 1")
    machine.python("python3.11")
    assert machine.run('find_python; echo "$python"').stdout == "python3.11\n"


def test_python_of_the_user_comes_first(machine: Machine) -> None:
    machine.python("python3.13")
    machine.python("my python")
    done = machine.run('find_python; echo "$python"', PYTHON=str(machine.bin / "my python"))
    assert done.stdout == f"{machine.bin}/my python\n"


def test_unfit_python_of_the_user_is_told_and_another_one_found(machine: Machine) -> None:
    machine.python("python3")
    done = machine.run('find_python; echo "$python"', PYTHON="/no/such/python")
    assert "PYTHON=/no/such/python er ikke Python 3.11 eller nyere" in done.stdout
    assert done.stdout.endswith("\npython3\n")


def test_python_with_venv_is_preferred_to_a_newer_one_without(machine: Machine) -> None:
    machine.python("python3.13", without_venv=True)
    machine.python("python3.11")
    assert machine.run('find_python; echo "$python"').stdout == "python3.11\n"


def test_missing_venv_without_root_tells_what_to_type(machine: Machine) -> None:
    machine.python("python3", without_venv=True)
    machine.program("apt-get", f'touch "{machine.bin}/called"')
    done = machine.run("find_python")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 2
    assert f"sudo apt-get install python{version}-venv" in done.stderr
    assert not (machine.bin / "called").exists()


@pytest.mark.parametrize("may", ["root", "sudo"])
def test_missing_venv_is_installed_where_that_is_allowed(machine: Machine, may: str) -> None:
    machine.python("python3", without_venv=True)
    machine.program("apt-get", f'case "$*" in *install*) : >"{machine.bin}/venv-is-here" ;; esac')
    if may == "root":
        machine.program("id", "echo 0")
    else:
        machine.program("sudo", 'shift; exec "$@"')
        machine.program("true", "exit 0")
    done = machine.run('find_python; echo "$python"')
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("\npython3\n")


def test_settings_of_another_environment_are_left_out(machine: Machine) -> None:
    names = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "PIP_PREFIX")
    done = machine.run("env", **dict.fromkeys(names, "/elsewhere"), PIP_INDEX_URL="kept")
    told = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert not set(names) & set(told)
    assert told["PIP_INDEX_URL"] == "kept"


def test_odd_pip_settings_are_left_out_and_the_way_out_is_kept(
    machine: Machine, tmp_path: Path
) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\ntarget = /elsewhere\nproxy = http://a.test:8080\nextra-index-url =\n"
        "  http://b.test/simple\n  http://c.test/simple\n[install]\nuser = yes\n"
    )
    ask = f'py="{sys.executable}"; tame_pip; env'
    told = machine.run(ask, PIP_CONFIG_FILE=str(settings)).stdout.splitlines()
    assert "PIP_CONFIG_FILE=/dev/null" in told
    assert "PIP_PROXY=http://a.test:8080" in told
    assert "PIP_EXTRA_INDEX_URL=http://b.test/simple http://c.test/simple" in told
    assert not any(line.startswith(("PIP_TARGET", "PIP_USER")) for line in told)


def test_plain_pip_settings_are_not_touched(machine: Machine, tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\ntimeout = 60\n")
    ask = f'py="{sys.executable}"; tame_pip; env'
    told = machine.run(ask, PIP_CONFIG_FILE=str(settings)).stdout.splitlines()
    assert f"PIP_CONFIG_FILE={settings}" in told


class TestMending:
    """What is said of a .venv that cannot be built on, and of one that can."""

    @pytest.fixture
    def venv(self, machine: Machine) -> Path:
        folder = machine.checkout / ".venv"
        command = [sys.executable, "-m", "venv", "--without-pip", folder]
        subprocess.run(command, check=True)
        return folder

    def test_broken_interpreter_link(self, machine: Machine, venv: Path) -> None:
        (venv / "bin" / "python").unlink()
        (venv / "bin" / "python").symlink_to("/no/such/python")
        assert machine.run("what_is_broken").stdout == "Python i mappen virker ikke\n"

    def test_interrupted_installation(self, machine: Machine, venv: Path) -> None:
        (venv / ".ikap-installing").touch()
        assert machine.run("what_is_broken").stdout == "installasjonen ble avbrutt\n"

    def test_pip_missing_is_put_in(self, machine: Machine, venv: Path) -> None:
        assert machine.run("what_is_broken").stdout == ""
        assert list(venv.glob("lib/python*/site-packages/pip"))

    def test_moved_folder(self, machine: Machine, venv: Path) -> None:
        (venv / ".ikap-installed").write_text("abc 3.11.7 /old/place demo\n")
        script = "has_pip() { true; }; what_is_broken"
        assert machine.run(script).stdout == "mappen er flyttet\n"

    def test_link_to_the_code_is_relative(self, machine: Machine, venv: Path) -> None:
        site = next(venv.glob("lib/python*/site-packages"))
        (site / "_editable_impl_ikap.pth").write_text(str(machine.checkout))
        (machine.checkout / "ikap.py").touch()
        machine.run("shorten_link")
        done = machine.run('"$py" -c "import ikap; print(ikap.__file__)"', LC_ALL="C")
        assert done.stdout == f"{machine.checkout}/ikap.py\n"

    def test_changed_lock_means_a_new_installation(self, machine: Machine, venv: Path) -> None:
        site = next(venv.glob("lib/python*/site-packages"))
        for name in ("ikap", "geopandas", "pyogrio", "shapely", "rich"):
            (site / f"{name}.py").touch()
        stamp = 'say "$(fingerprint) test" >"$venv/.ikap-installed"'
        assert machine.run(f"{stamp}; is_installed test && is_installed demo").returncode == 0
        with (machine.checkout / ".ci" / "lock.txt").open("a") as lock:
            lock.write("# another line\n")
        assert machine.run("is_installed demo").returncode == 1

    def test_environment_of_the_demo_is_not_enough_for_tests(
        self, machine: Machine, venv: Path
    ) -> None:
        site = next(venv.glob("lib/python*/site-packages"))
        for name in ("ikap", "geopandas", "pyogrio", "shapely", "rich"):
            (site / f"{name}.py").touch()
        machine.run('say "$(fingerprint) demo" >"$venv/.ikap-installed"')
        assert machine.run("is_installed demo").returncode == 0
        assert machine.run("is_installed test").returncode == 1


def test_scripts_are_free_of_syntax_faults(root: Path) -> None:
    for name in ("scripts/_venv.sh", "scripts/demo", "scripts/test", ".ci/run"):
        done = subprocess.run([BASH, "-n", root / name], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
