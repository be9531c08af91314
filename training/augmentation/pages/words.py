"""Words that made pages have on them."""

from typing import Final

WORDS: Final = tuple(  # common ones of 2 to 6 letters
    """
act add age air all also and ant any apple apply arm art ask baby back bag ball band bank bar bath be bean
bear bed bell big bike bird blue boat body bold book box boy bread bring brown bus busy but buy by cake call
can car card cat chair chin city class clean clock coat cold come cook cow cry cup cut dance dark day deep
desk dog done door down draw dream dress drink drop duck dust each ear east easy eat egg else end even eye
face fact fall far farm fast feel few field film find fire fish five fix flag floor fly foot fork form fox
free fresh frog fruit full fun game garden gift girl give glad glass go gold good grass green grow guess hair
half hand happy hat have head heart heavy help her hill him home hope horse hot hour house how hut ice idea if
ink is jam jar job join joke jump just keep key kind king kiss kite knee know lady lake lamp land large last
law leaf leg lemon less life light like line lion list live lock long look loud love low luck lunch make man
many map maple mark math maze me meal mice milk mind mix moon more moth mouse move much mud music my nail name
near neck nest new next nice night nine no nose note now nut oak ocean of off oil old on one onion open or
orange order out oven over owl own page paint pair pan paper park part pass path pen pick pie pig pink plan
plate play plum poem point pond pool post pot price print pull puppy push quack queen quick quiet quiz rain
read red rest rice ride right ring river road rock roof room rope rose round rug run sad safe salt sand save
say school sea seat see self sell send shade ship shoe shop short show silk sing sink sit six size sky sleep
slow small smile snow so soap sock soft song soon soup south spoon square stand star stay step stone stop
story sugar sun sweet swim table tail take talk tall tank tax tea team tell ten tent that the them then thick
thing think this tie tiger time tiny to toast today tool top town toy train tree trip true try tub two ugly
uncle under up us use van vase very view voice vote wait walk wall want warm wash water wave wax way we west
wet what wheel when why wide wild win wind wing wise wish with wolf wood word work world yard year yell yes
you young zebra zero zip zone zoo
""".split()  # noqa: SIM905
)
