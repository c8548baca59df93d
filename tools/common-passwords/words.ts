/** Words that head every published count of leaked passwords, whatever the year and the country of the site. */
export const TOP = `
password passwords passw0rd qwerty letmein welcome admin administrator login master dragon monkey shadow sunshine princess
football baseball basketball soccer hockey superman batman spiderman pokemon starwars iloveyou trustno1 whatever freedom
secret secrets access computer internet michael jessica jennifer charlie jordan daniel ashley thomas andrew matthew robert
nicole hannah hunter buster killer ginger pepper summer winter flower cookie banana orange cheese chocolate butterfly
mustang mercedes ferrari porsche corvette yankees lakers liverpool chelsea arsenal barcelona samsung google facebook
microsoft windows nintendo minecraft naruto blink182 metallica nirvana slipknot eminem jesus blessed angel heaven
loveme lovely forever babygirl baby sweetie darling honey hello changeme default guest test testing tester temp
qazwsx asdfgh zxcvbn zxcvbnm asdfghjkl qwertyuiop azerty abc123 god love sex money ninja gamer player
fuckyou fuckoff asshole bitch bullshit matrix phoenix tigger snoopy mickey donald purple yellow silver golden
`

/** First names, and what people call the ones they love and their pets. */
export const NAMES = `
michelle amanda samantha elizabeth stephanie melissa danielle rebecca rachel lauren victoria natalie vanessa brittany
kimberly christina katherine catherine alexandra alexander benjamin christopher nicholas jonathan anthony joshua joseph
william richard patrick brandon timothy gabriel sebastian francisco fernando alejandro eduardo ricardo roberto antonio
giovanni leonardo vincenzo francesco valentina isabella gabriella sophia olivia emma abigail madison mackenzie savannah
cameron dakota austin dylan tyler justin kevin steven brian jason martin george harold gregory raymond phillip stephen
edward charles james john david peter simon oliver harry jack lucas oscar felix maximus rocky bailey maggie molly lucy
sophie chloe daisy bella princess1 prince tiger simba smokey shadow1 pumpkin muffin peanut peaches snowball fluffy
whiskers midnight patches oreo casper garfield scooby rusty sparky lucky bandit murphy cooper tucker zeus apollo
diamond crystal amber ruby jasmine heather brooke kelly megan sarah emily anna maria marie laura julia sandra barbara
patricia margaret dorothy caroline carolina veronica angelina angelica monica susana andrea claudia natasha svetlana
tatiana anastasia ekaterina nikita vladimir dmitry sergey alexey andrey mikhail marina katarina mohammed muhammad ahmed
fatima aisha ibrahim abdullah krishna ganesh lakshmi priya rahul sachin tendulkar deepak sanjay anjali
`

/** Everyday and favourite things: animals, food, nature, colours, work, sport, games, music, cars, places. */
export const WORDS = `
elephant dolphin dolphins butterfly1 penguin kitten kitty puppy doggie rabbit turtle panther leopard cheetah jaguar cougar
scorpion spider snake cobra viper python eagle falcon hawk raven phoenix1 unicorn dragon1 dragons dragonfly ladybug
firefly bulldog rottweiler labrador dalmatian chihuahua wolverine werewolf vampire zombie monster monsters gorilla
chicken turkey lobster pineapple strawberry blueberry raspberry cherry apple apples watermelon coconut mango lemon
pumpkins potato tomato broccoli spaghetti macaroni lasagna pizza burger hamburger cheeseburger hotdog sandwich bacon
pancake pancakes waffle donut brownie cupcake icecream candy lollipop marshmallow caramel vanilla cinnamon peppermint
coffee cappuccino espresso tequila whiskey budweiser heineken guinness corona beer vodka pepsi cocacola sprite
snickers skittles doritos nutella cookies cookie1 butter peanutbutter gingerbread milkshake
sunflower rainbow rainbows sunset sunrise moonlight starlight starfish thunder lightning hurricane tornado blizzard
snowflake snowman mountain mountains ocean river island paradise forest wildflower rosebud orchid lavender jasmine1
diamond1 emerald sapphire platinum silver1 turquoise scarlet crimson blackjack bluebird redwings redskins greenday
goldfish firebird thunderbird bluesky blacksky darkness shadows midnight1 twilight eclipse universe galaxy cosmos
stardust supernova jupiter saturn mercury neptune pluto apollo13 challenger discovery endeavour atlantis
teacher student school college university education science chemistry physics biology mathematics geography history
business marketing finance accounting manager director president secretary engineer engineering architect designer
developer programmer database network security service support operator supervisor sysadmin webmaster root system
superuser server oracle cisco linux ubuntu debian android iphone macintosh apple123 keyboard monitor printer software
hardware notebook laptop desktop terminal backup cloud hacker hackers cyberpunk matrix1 robot terminator predator
startrek enterprise skywalker darthvader jedi yoda chewbacca stormtrooper millennium falcon1 gandalf frodo hobbit
legolas aragorn mordor sauron hogwarts hermione voldemort gryffindor slytherin dumbledore harrypotter twilight1
ironman wolverine1 deadpool avengers captain america hulk thor loki punisher daredevil catwoman wonderwoman supergirl
superstar superhero supernatural batman1 joker gotham robin1 simpsons homer bartsimpson southpark familyguy futurama
spongebob squarepants patrick1 scoobydoo bugsbunny daffyduck mickeymouse minniemouse donaldduck goofy winniethepooh
pikachu charizard bulbasaur squirtle digimon sonic mario luigi zelda link kirby tetris pacman playstation xbox xbox360
halo warcraft starcraft diablo counterstrike callofduty battlefield fortnite roblox league overwatch warhammer
dungeons finalfantasy resident evil sephiroth cloud9 tekken mortalkombat streetfighter assassin creed skyrim oblivion
naruto1 sasuke sakura itachi goku vegeta dragonball bleach onepiece luffy pokemon1 sailormoon hellokitty
metallica1 megadeth slayer pantera ironmaiden blacksabbath ledzeppelin pinkfloyd acdc beatles rollingstones queen
nirvana1 radiohead coldplay linkinpark greenday1 rammstein evanescence nightwish korn tool deftones system1 blink
madonna britney beyonce rihanna shakira eminem1 tupac biggie snoopdogg drake kanye justinbieber onedirection taylor
michaeljackson elvis presley bobmarley jimihendrix johnlennon guitar drummer bassist pianist trumpet saxophone music
football1 soccer1 softball volleyball tennis golf golfer swimming wrestling boxing karate cricket rugby skateboard
snowboard surfing fishing hunting racing nascar formula1 ferrari1 lamborghini bugatti porsche911 mustang1 camaro
chevrolet chevy corvette1 dodge viper1 cadillac chrysler toyota honda civic accord nissan skyline subaru impreza
mitsubishi mazda volkswagen beetle audi bmw volvo harley davidson kawasaki yamaha suzuki ducati
cowboys packers steelers patriots raiders broncos dolphins1 giants eagles1 bears vikings chargers ravens saints
redsox yankees1 cubs dodgers braves cardinals tigers athletics phillies mets bulls celtics lakers24 knicks pistons
rangers bruins penguins blackhawks redwings1 canadiens juventus realmadrid manutd rangers1 celtic everton tottenham
newcastle westham benfica galatasaray fenerbahce besiktas flamengo corinthians palmeiras bocajuniors
ronaldo messi neymar beckham rooney gerrard zidane maradona ronaldinho kobe24 lebron23 jordan23 tigerwoods
california florida texas arizona colorado virginia carolina1 georgia michigan chicago boston dallas houston phoenix2
brooklyn manhattan newyork losangeles lasvegas sanfrancisco sandiego seattle denver detroit philadelphia pittsburgh
washington alabama tennessee kentucky oklahoma minnesota wisconsin louisiana london england scotland ireland dublin
paris france germany berlin deutschland munich italia italy roma milano napoli spain espana madrid portugal lisboa
brasil brazil argentina mexico colombia venezuela peru chile cuba jamaica canada toronto montreal vancouver australia
sydney melbourne newzealand japan tokyo osaka china beijing shanghai hongkong singapore malaysia indonesia jakarta
thailand bangkok vietnam philippines india mumbai delhi bangalore pakistan karachi bangladesh turkiye istanbul
egypt cairo morocco nigeria kenya southafrica russia moscow ukraine poland polska warszawa sweden norway denmark finland
america1 american patriot liberty justice independence revolution democracy republic constitution
friend friends friendship bestfriend family mother father mommy daddy sister brother grandma grandpa children daughter
husband boyfriend girlfriend lover lovers sweetheart babyboy beautiful gorgeous handsome cutie cutiepie hottie sexy
sexygirl sexyboy princesa teamo tequiero mylove iloveu ilovehim iloveher ilovegod ilovejesus ilovemom lovelove loveyou
happiness happy smile smiley laughter sunshine1 destiny fantasy fantastic wonderful awesome excellent perfect
champion champions winner victory success successful legend legendary hero warrior gladiator spartan samurai ninja1
pirate captain1 soldier sniper ranger commando marines airborne military general colonel sergeant bravo
christian christ jesuschrist godislove godisgood blessing blessings faith hope grace gloria trinity hallelujah
allah bismillah inshallah mashallah assalamualaikum buddha namaste shalom
magic wizard merlin magician mystery mystical phantom ghost spirit demon devil lucifer satan hell inferno darkangel
blackcat blackdragon whitetiger bluemoon redrose redbull goldstar silverfox greentree pinkpanther purplerain
january february march april monday tuesday wednesday thursday friday saturday sunday september october november december
spring autumn summertime holiday vacation christmas halloween birthday valentine thanksgiving
passport passphrase mypassword newpassword nopassword yourpassword thepassword password1 pass1234 wordpass opensesame
letmein1 letmeinnow welcome1 welcomeback hello123 helloworld goodbye goodmorning goodnight thankyou please sorry
nothing something anything everything nobody somebody everybody someone idontknow dontknow whoami whatisit whocares
nevermind blahblah lalala hahaha hehehe lollol trololo asdasd qweqwe zxczxc qweasd qweasdzxc qazwsxedc
motherfucker fuckyou1 fuckme fuckthis pussy dickhead bastard shithead sexsex porn boobs
billybob homerun touchdown knickers slamdunk champion1 skater rockstar rockandroll hiphop
zaq12wsx 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 a1b2c3d4 abcd1234 abcdef abcdefg abcdefgh aaaaaa 123abc 123qwe
sommer schatz passwort hallo schalke bayern borussia ichliebedich geheim fussball motdepasse bonjour soleil marseille
jetaime doudou chocolat coucou nounours contrasena contrasenya hola amor amorcito estrella corazon bonita chiquita
futbol america2 senha brasil1 felicidade amizade familia flamengo1 ciao amore juventus1 stellina forzamilan
wachtwoord welkom hallo123 lekker haslo misiek kochanie kasia polska1 parola sifre parol privet lyubov gfhjkm ghbdtn
`
