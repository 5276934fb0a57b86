from pathlib import Path

text = Path(__file__).with_name('data.txt').read_text()
