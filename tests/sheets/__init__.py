"""A server that speaks the part of the Google Sheets API that gspread uses: `emulator.SheetsEmulator`."""
