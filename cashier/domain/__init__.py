"""Pure rules of a till: states, money, phones, transactions, evidence, events. No Qt, SQL, HTTP or clock."""
