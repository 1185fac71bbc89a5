def test_try(district):
    print(district.handed_in("lin"))
    print(district.handed_in("chen", "food-business-new"))
    print(district.handed_in("lin", "signboard", "street-occupation"))


def test_try2(district):
    c=district.caller()
    for m,p,b in (("POST","/applications",{}),("GET","/nothing",None),("PUT","/cases",None),("POST","/applications",b"{broken"),("GET","/cases?state=%00",None),("GET","/cases/%00",None),("POST","/applications",b"[" *100000)):
        for c in (district.caller(),district.caller("lin")): print(m,p,(r:=c.send(m,p,b)).status,r.body)
    print(district.handed_in("lin", "sole-trader-setup"))
