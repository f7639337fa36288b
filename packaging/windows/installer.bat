@echo off
rem Installs without network and without administrator rights. Plain letters only: see build.py.
setlocal
cd /d "%~dp0"
set "LIEU=%LOCALAPPDATA%\diagnostic"
set "PYTHON="
for %%V in (3.12 3.13 3.11) do if not defined PYTHON py -%%V --version >nul 2>&1 && set "PYTHON=py -%%V"
if not defined PYTHON python --version >nul 2>&1 && set "PYTHON=python"
if not defined PYTHON (
  echo Python est absent. A faire : demander au service informatique Python 3.12, 64 bits, pour cet utilisateur.
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
echo Termine. Pour commencer : double-cliquer sur diagnostic.bat
pause
exit /b 0
:arret
pause
exit /b 1
