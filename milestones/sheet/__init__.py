"""The draft report as a spreadsheet: taken out as a file, filled in, and brought back.

`rows` says what stands in it and `writing` makes the file; `table` opens what comes back, `filled`
reads its cells, `preview` says what would change, and `applying` writes it: all of it or nothing.
"""
