import pandas as pd


def show(values):
    print(pd.DataFrame({'a': values}).to_markdown())
