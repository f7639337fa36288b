@echo off
rem Installs without network and without administrator rights. Plain letters only: see build.py.
rem build.py writes the version of Python of its wheels in place of {python}.
setlocal
rem A folder of a network share has no drive: pushd gives it one for the time of the installation.
pushd "%~dp0"
set "LIEU=%LOCALAPPDATA%\diagnostic"
set "PYTHON="
set "CONVIENT=import sys; sys.exit(not sys.version.startswith('{python}.') or sys.maxsize == 2**31 - 1)"
py -{python} -c "%CONVIENT%" >nul 2>&1 && set "PYTHON=py -{python}"
if not defined PYTHON python -c "%CONVIENT%" >nul 2>&1 && set "PYTHON=python"
if not defined PYTHON (
  echo Python {python} est absent. A faire : demander au service informatique Python {python}, 64 bits, pour cet utilisateur.
  goto :arret
)
echo Installation dans %LIEU%
%PYTHON% -m venv "%LIEU%"
if errorlevel 1 (
  echo Le dossier ne peut pas etre cree. A faire : verifier la place et les droits sur %LIEU%.
  goto :arret
)
"%LIEU%\Scripts\python.exe" -m pip install --quiet --no-index --find-links paquets diagnostic-territorial[notebooks,presentation]
if errorlevel 1 (
  echo Les paquets ne conviennent pas a ce Python. A faire : installer la version de Python que dit LISEZMOI.txt.
  goto :arret
)
"%LIEU%\Scripts\diagnostic.exe" doctor
if errorlevel 1 (
  echo L'examen ci-dessus dit ce qui manque, et quoi faire.
  goto :arret
)
echo Termine. Pour commencer : double-cliquer sur diagnostic.bat
popd
pause
exit /b 0
:arret
popd
pause
exit /b 1
