@echo off
rem Opens a window where the command "diagnostic" is known; a folder dropped on this file is opened.
setlocal
set "PATH=%LOCALAPPDATA%\diagnostic\Scripts;%PATH%"
if not "%~1"=="" cd /d "%~1"
if "%~1"=="" cd /d "%USERPROFILE%\Documents"
if not exist "%LOCALAPPDATA%\diagnostic\Scripts\diagnostic.exe" (
  echo Rien n'est installe. A faire : double-cliquer d'abord sur installer.bat
  pause
  exit /b 1
)
echo Essayer : diagnostic demo
echo Aide    : diagnostic --help
cmd /k
