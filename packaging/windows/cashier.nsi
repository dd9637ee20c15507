; The installer for Windows: for this user alone, so that it asks for no administrator. Upgrades in place; removing it
; leaves the shop's data. Compile with
;   makensis -DVERSION=0.1.0 -DBUNDLE=dist\cashier -DOUTPUT=dist\cashier-0.1.0-setup.exe packaging\windows\cashier.nsi
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh

!define NAME "Cashier"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Cashier"
!define AT_LOGIN "Software\Microsoft\Windows\CurrentVersion\Run"

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Cashier"
InstallDirRegKey HKCU "Software\Cashier" "InstallDir"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Cashier, a till for shop counters"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "cashier.ico"
!define MUI_UNICON "cashier.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\cashier.exe"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"

; A till that is open must end by itself: killing it in the middle of a sale is what the ledger survives, not what we do.
!macro WaitUntilClosed FILE
  ${Do}
    ClearErrors
    ${IfNot} ${FileExists} "${FILE}"
      ${ExitDo}
    ${EndIf}
    FileOpen $0 "${FILE}" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Cashier is open. Close its window, then press Retry." /SD IDCANCEL IDRETRY +2
    Abort
  ${Loop}
!macroend

Section "Cashier" MAIN
  SectionIn RO
  !insertmacro WaitUntilClosed "$INSTDIR\cashier.exe"
  !insertmacro WaitUntilClosed "$INSTDIR\cashier-cli.exe"
  ; The files of the version before go first; the shop's data are elsewhere ($LOCALAPPDATA\cashier).
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\Cashier.lnk" "$INSTDIR\cashier.exe"
  WriteRegStr HKCU "Software\Cashier" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Cashier"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\cashier.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
SectionEnd

Section /o "Start at log-in" LOGIN
  WriteRegStr HKCU "${AT_LOGIN}" "Cashier" '"$INSTDIR\cashier.exe"'
SectionEnd

Section "Icon on the desktop" DESKTOP
  CreateShortCut "$DESKTOP\Cashier.lnk" "$INSTDIR\cashier.exe"
SectionEnd

Section "Uninstall"
  !insertmacro WaitUntilClosed "$INSTDIR\cashier.exe"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\cashier.exe"
  Delete "$INSTDIR\cashier-cli.exe"
  Delete "$INSTDIR\CONTENTS.txt"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\README-QT.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Cashier.lnk"
  Delete "$DESKTOP\Cashier.lnk"
  DeleteRegValue HKCU "${AT_LOGIN}" "Cashier"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Cashier"
  ; Ledger, settings and logs stay where they are.
SectionEnd
