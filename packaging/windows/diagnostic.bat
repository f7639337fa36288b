@echo off
rem Opens a window where the command "diagnostic" is known; a folder dropped on this file is opened.
setlocal
set "PATH=%LOCALAPPDATA%\diagnostic\Scripts;%PATH%"
if "%~1"=="" if exist "%USERPROFILE%\Documents" cd /d "%USERPROFILE%\Documents"
rem pushd also opens a folder of a network share.
if not "%~1"=="" pushd "%~1"
if not exist "%LOCALAPPDATA%\diagnostic\Scripts\diagnostic.exe" (
  echo Rien n'est installe. A faire : double-cliquer d'abord sur installer.bat
  pause
  exit /b 1
)
echo Essayer : diagnostic demo
echo Aide    : diagnostic --help
cmd /k
