# One cell of a notebook. Turn the cleaning into a function with one test.
import pandas as pd

df = pd.read_csv("/Users/lea/Desktop/orders_final2.csv")
COUNTRY = "DE"
errors = 0


def parse(x):
    global errors
    try:
        return float(x.replace(".", "").replace(",", "."))
    except:
        errors = errors + 1
        return 0


df["amount"] = df["amount"].apply(parse)
df = df[df["amount"] > 0]
df["date"] = pd.to_datetime(df["date"])
df = df[df["country"] == COUNTRY]
df = df.drop_duplicates("order_id")
df["month"] = df["date"].dt.month
df["amount"] = df["amount"] / df["amount"].max()
df.to_csv("/Users/lea/Desktop/clean.csv")
print(len(df), errors)
