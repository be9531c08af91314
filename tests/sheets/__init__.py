"""An emulator of the part of the Google Sheets API that gspread uses: `emulator.SheetsEmulator`."""
