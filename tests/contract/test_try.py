def test_try(district):
    print(district.handed_in("lin"))
    print(district.handed_in("chen", "food-business-new"))
    print(district.handed_in("lin", "signboard", "street-occupation"))


def test_try2(district):
    print(district.handed_in("lin", "sole-trader-setup"))
