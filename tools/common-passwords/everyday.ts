/** Everyday words of eight letters, or with the ending that makes them so many: what a short minimum brings out. */
export const EVERYDAY = `
aardvark absolute abstract academia accident accountant accurate achilles adventure aerobics aerospace afternoon
aircraft airlines airplane airplanes alcatraz alchemist alexandria alligator alphabet aluminum amazing ambition
ambulance amnesia analysis anarchist anarchy1 anastacia andromeda animation anniversary anonymous antarctica antelope
antonella anywhere apartment apocalypse appleseed application aquarium aquarius arcadia1 archangel archer12 arrowhead
arthritis artillery artist01 ashleigh aspirine assassin assistant asteroid astrology astronaut astronomy athletic
attitude attorney audience aurora12 automatic automobile autumn12 available avalanche aviation awesome1 babyblue
babydoll babyface babylove bachelor backbone backdoor background backpack backstage backward backyard badminton
balance1 ballerina balloons bandicoot bankruptcy barbados barbecue barracuda bartender baseball1 basement basketball1
bathroom battlestar beachball beautiful1 bedrooms beethoven beginner believer benedict berkeley berliner bicycles
bigbrother bigfoot1 billiards billiejean biohazard biologist birdhouse blackberry blackbird blackburn blackfire
blackhawk blackhole blackjack1 blackmetal blackout blackrose blacksmith blackstar blackwater blackwolf blessed1
blink182 blondie1 bloodhound bloodlust bloomberg blossoms blowfish blowjobs bluebell blueberry1 bluefish bluegrass
bluejays bluestar bluewater boeing747 bohemian bollocks bollywood bookworm boomerang boulders boulevard bradford
braveheart breakaway breakdance breakdown breakers breakfast breakout brilliant britannia broadband broadway brooklyn1
brothers brownies browning brunette bubblegum bubbles1 buckeyes building bulldogs bulletproof bullfrog bullseye
bumblebee bungalow business1 buttercup butterfinger butthead cabinets calculator calculus calendar california1
calliope calvin12 cambridge camelot1 camera12 campbell camping1 cannabis cannibal canterbury cardinal caribbean
carnival carousel carpenter cartoons cashmere cassandra catalina caterpillar catfish1 cathedral catholic cavalier
ceramics chainsaw chairman chameleon champagne chandler changeit changing chaos123 chapman1 character charcoal
charming chatroom cheerios cheerleader cheesecake chemical cherokee cherries chestnut chevalier chevelle chickens
children1 chipmunk chocolate1 chocolates chopper1 christina1 chuckles cigarette cinderella cinnamon1 citizens
classical classics claymore cleveland clifford clippers clover12 coconuts coffee12 collector colombia colonial
colorado1 colossus columbia columbus comanche comedian comfort1 commander commerce communism community companion
company1 complete complex1 composer computers computing concorde concrete conference confidence confused congress
connection conquest consultant continue contract controller cookbook cooldude copenhagen copperhead cornwall corporate
cosworth cottages counting country1 courage1 courtney cowboys1 crackers cranberry creation creative creature cricket1
criminal cristian critical crocodile crossbow crossfire crossroads crusader crystal1 cucumber culinary culture1
currency cutlass1 cyberspace cyclones cypress1 dangerous darkknight darkness1 darkstar database1 daughters davidson
daydream daylight deadhead deadlock deadly12 december1 december12 decision dedicated deepblue deeppurple defender
delicious delirium delivery delta123 demolition department deputies desperado destroyer detectives determined
developer1 devilman diamonds dictator dictionary dietcoke different digital1 dilbert1 dimension dinosaur dinosaurs
diplomat direction disaster disciple disco123 discover disney123 disneyland disturbed division dominator dominion
donkey12 doorknob doughnut download downtown dragon12 dragon69 dragoons dreamcast dreamer1 dreaming drowssap drummer1
ducksoup dumbass1 dumpling dynamics dynamite earthling earthquake eastside economics economist education eggplant
einstein eldorado eleanor1 election electric electrical electricity electron electronic elegance elements elephant1
elephants elevator eleven11 elvis123 emerald1 emergency emotions emperor1 empire12 encounter endurance energizer
engineer1 england1 enigma12 entertainment entrance environment equinox1 eternal1 eternity evangelion evergreen
everlast everlong everton1 everyday evidence evolution excalibur excellence exchange exciting executive exercise
explorer explosion express1 extreme1 eyeball1 fabulous facebook1 factory1 fairlane fairview faithful falcons1 families
fandango farmland fashion1 fastball father12 favorite february1 feelings felicity feminine ferrari123 festival
fiesta12 fifteen1 fighters fighting filipino filmmaker fireball firefighter firefox1 firehawk fireman1 fireplace
firewall fireworks fisherman fishing1 flamingo flanders flashback flashlight flexible flounder flowers1 flyfishing
football12 football123 fordf150 foreigner forensic forever1 forgotten formula1 fortress fortune1 forward1 fountain
foxylady frankenstein frankfurt franklin freaky12 freckles freddie1 freebird freedom1 freestyle freeway1 freewill
french12 friday13 friendly friends1 frontier fuckface fuckhead funny123 funtimes furniture galactic galaxy12 gambler1
gangsta1 gangster gardener gardenia garfield1 gargoyle garlic12 gateway1 gemini12 generals generation genesis1
geometry german12 getmoney getsmart ghostbusters giggles1 girlpower girls123 glacier1 gladiator1 glendale goalkeeper
goddess1 godfather godspeed godzilla golden12 goldeneye goldfinger goldwing gonzales goodbye1 goodlife goodluck
goodtime goofball gotohell graduate graffiti grandfather grandmother grandprix granite1 grapefruit grasshopper
gravity1 greatest greenbay greenday1 greenhouse greenland greenwood greyhound griffin1 grizzly1 groovy12 guardian
guerrilla guinness1 guitar12 guitarist gunners1 gunslinger gymnastics hairspray halloween1 hamilton hamster1 handball
handsome1 hannibal happiness1 happy123 happyday hardcore hardrock hardware1 harmony1 harrison harvard1 harvest1
hastings hawaii50 hawaiian headache heartbeat heartbreak heartless hedgehog helicopter hellfire hellraiser helpless
helpme12 hendrix1 hercules heritage herman12 highland highlander highlife highschool highway1 hillside hiphop12
historian hockey12 hollywood homebrew homeless homework homicide honduras honesty1 honeybee honeymoon honolulu
hopeless horizons horseman horsemen horseshoe hospital hotchick hotdogs1 hotmail1 hotrod12 hotstuff househunter
housewife huntress hurricane1 hyacinth hydrogen hypnosis icecream1 iceland1 identity ignatius illinois illusion
imagination imagine1 immortal imperial important impossible incognito incredible indian12 indiana1 indianapolis
industry infantry infected inferno1 infinite infinity influence information innocent insanity insider1 insomnia
inspector inspiration instinct institute insurance integral integrity intelligence interest interior intruder invasion
inventor investor invictus invisible isabelle islamabad islander italian1 italiano jackass1 jackpot1 jackrabbit
jacobsen jaguar12 jamaican jamboree january1 japanese jazzman1 jellybean jellyfish jeremiah jerusalem joystick
juggernaut jumpman1 junction jungle12 justice1 kangaroo katmandu keepout1 kentucky1 kerberos keyboards keystone
kickass1 kickboxing kickflip killer12 killer123 killjoy1 kindness kingdom1 kingfish kingfisher kingkong kingston
kittens1 kittycat knuckles labrador1 labyrinth lacrosse ladybug1 lakeside lampshade lancelot landmark landscape
language laserjet lasttime laundry1 lavender1 lawrence lawyers1 leather1 lebanese legendary1 leonidas leopard1
letitbe1 leviathan liberty1 librarian lifeguard lifeisgood lifestyle lifetime lightbulb lighthouse lightsaber limerick
limestone limited1 lionheart lipstick literature littleman livelife location lockdown lollipop1 lollypop london12
lonesome lonestar longbeach longhair longhorn longhorns longtime loser123 lottery1 lovebird lovelace lovelife lovely12
loverboy lovesick loveyou1 loyalty1 luckydog luckyone lunatic1 lunchbox luxembourg machines mackerel macromedia
madhouse madness1 mafia123 magazine magic123 magician1 magnetic magnolia mahogany mainland majestic malibu12
management manchester mandarin mandolin maniac12 manifest manpower marathon marigold marijuana mariners maritime
market12 marriage marshall martial1 martini1 marvelous marxist1 masquerade massacre massage1 mastermind masterpiece
matchbox material maverick maximum1 maxwell1 meadows1 mechanic mechanical medicine medieval meditation megaman1
megatron melody12 membership memorial memories memphis1 mephisto merchant mercury1 meridian mermaids messenger
meteor12 mexico12 midnight12 midway12 migration military milkman1 millenium millions millwall minimal1 ministry
miracle1 miracles mirror12 missions mississippi missouri mistress moderator molecule momentum monastery monday12
monday123 money123 monitors monkey12 monkey123 monkeyboy monkeys1 monopoly monster1 monster123 montana1 monterey
monument moonbeam moonlight1 moonshine moonstone morning1 morpheus mortgage mortimer mosquito mother12 motherlode
motocross motorbike motorcycle motorola mountain1 mouse123 movement muhammed multimedia mushroom mushrooms musical1
musician mustang12 mustard1 mutation myfamily myfriend myself12 myspace1 mysterious mystery1 namaste1 nameless
narcissus national natural1 navigator navyseal necromancer neighbor neighborhood neptune1 netscape network1 networks
neverdie neverland nevermore newcastle1 newhouse newlife1 newport1 newspaper newyork1 nicotine nightcrawler nightfall
nighthawk nightingale nightmare nightowl nightshade nineteen nintendo1 nintendo64 nirvana1 noisette nokia123 nonsense
normandy northern northside nostalgia notebook nottingham november1 nuclear1 numbers1 nutcracker oakland1 oblivion1
observer obsession obsidian october1 octopus1 offshore oklahoma1 oldsmobile olympics olympus1 omega123 omicron1
onelove1 operation opposite optical1 optimist optimus1 oranges1 orchestra oregano1 organic1 oriental original osborne1
outbreak outdoors outkast1 outlander outlaws1 outsider overdose overkill overload overlord oxford12 oxygen12 pacific1
packers1 painting palace12 paladin1 palestine palmtree panasonic pandemonium pandora1 panic123 pantera1 panther1
panthers papillon paradise1 paradox1 paragon1 paramedic parking1 parliament partners passion1 password12 password123
patience patriot1 patriots1 pavilion peaceful peacemaker peacock1 pearljam peekaboo pendragon penelope peninsula
pennywise pentagon peppers1 percussion perfect1 performance permanent perpetual persona1 personal petunia1 phantom1
pharmacy phenomenon phillies1 philosophy photo123 photographer physical pianoman picasso1 pikachu1 pinball1 pineapple1
pinewood pingpong pinnacle pipeline pirates1 pittsburgh1 pizza123 plastics platypus playball playboy1 player12
playground playmate playtime pleasure plumber1 pneumonia poetry12 poison12 poiuytre poker123 polaris1 police12
policeman politics pooh1234 popcorn1 popeye12 porcupine porsche1 portable portland poseidon positive postcard postman1
potatoes powerful powerhouse practice precious presence presentation pressure pretender pretty12 pretzels prevention
primetime princess12 princess123 princeton prisoner pristine private1 problems producer production professional
professor progress prometheus promise1 property prophecy prosperity protection protocol provider province psycho12
psychology publisher pumpkin1 punisher1 punkrock puppies1 puppydog purgatory pussycat pyramids quality1 quantum1
quarterback quarters quebec12 question questions quicksilver quixotic rachmaninoff radiator radical1 railroad railway1
rainbow1 rainbow6 rainfall raistlin rangers12 raptors1 raspberry1 rasputin rational razorback reality1 rebecca1
rebellion receiver recovery recycle1 redalert redbaron reddevil redemption redhead1 redhorse redneck1 redshift
reflection reflex12 refrigerator reggae12 register relationship relative relax123 relentless reliance religion
remember rendezvous renegade replacement reptiles republic1 research reserved resource response restaurant retarded
retirement revelation revenge1 reverend reynolds rhapsody rhinoceros richmond riverside roadking roadrunner robotech
robotics rochester rocket12 rocketman rockstar1 romance1 romantic roosevelt rosebud1 rosemary roulette royalty1
rugby123 runaway1 runner12 running1 sabotage sacrifice saddle12 safehouse sailboat salamander salesman salvador
salvation samurai1 sanctuary sandwich1 sapphire1 sasquatch satan666 satisfaction saturday1 saturn12 savage12 scandal1
scarecrow scarface schedule scholarship scientist scissors scooter1 scorpion1 scorpions scotland1 scotsman scrabble
scrapper screamer screwdriver scruffy1 seafood1 seahorse seashell seashore secret12 secret123 security1 semperfi
senators senior12 sensation sensitive sentinel serenade serenity sergeant1 serpents services seventeen sexybitch
sexylady sexything shamrock shanghai1 shannon1 shaolin1 sharks12 shepherd sheridan sherlock sherwood shinobi1 shipping
shitface shooter1 shopping shortcake shotgun1 showtime sidewalk sidewinder signature silence1 silicone silverado
silverfish simplicity simpsons1 skateboard1 skater12 skeleton skydiver skyhawk1 skylight skywalker1 slapshot slaughter
sleeping slippery smackdown smashing smeghead smoking1 smoothie snapdragon snapple1 snickers1 snowball1 snowboard1
snowfall snowflake1 snowman1 snuggles soccer12 soccer123 sociology software1 soldiers solitaire solitude solution
somebody1 somerset something1 songbird sophomore sorcerer soulmate southern southpaw southside spacebar spaceman
spaceship sparkle1 sparkles sparrow1 speakers specialist specials spectrum speedway speedy12 spencer1 spiderman1
spitfire splinter spongebob1 sports12 spotlight springer springfield sprinkle squirrel stallion standard starbucks
stardust1 starfire stargate stargazer starlight1 starship station1 statistics steamboat steelers1 stephens sterling
sticker1 stinger1 stingray stocking stonecold stonehenge storm123 strategy strawberry1 streamer strength stripper
stronger struggle studio54 stupid12 submarine sugarplum suicidal suitcase summer12 summer69 summer99 sundance
sunflower1 sunlight sunnyday sunrise1 sunset12 superboy superfly superman1 superman12 supermodel superpower supersonic
superstar1 supervisor1 surfer12 surprise surrender survival survivor suspense svetlana1 sweet123 sweetheart1 sweetness
sweetpea swimmer1 switzerland swordfish sycamore symphony syndicate synergy1 tabasco1 tactical tambourine tangerine
tarantula target12 tazmania teacher1 teamwork technical technics techno12 technology teddybear telecaster telephone
television temple12 temptation tenerife tennis12 terrible territory terrorist testament testing1 testing123 testtest
textbook thankyou1 theater1 theatre1 themaster theology therapist theworld thinking thirteen thousand threesome
thunder1 thunderbolt thursday1 tigers12 timberland timeless timeout1 titanic1 titanium together tokiohotel tolerance
tomatoes tombstone tomorrow tonight1 toolbox1 topsecret tortoise touching tournament township tractor1 tradition
training transfer transform transport trapdoor traveler treasure treehouse triangle triathlon trickster trinidad
triumph1 trojan12 trombone tropical trouble1 truelove trumpet1 trustme1 tsunami1 tuesday1 turbo123 turquoise1 twinkle1
twisted1 twister1 typewriter umbrella unbelievable undefined underdog underground undertaker underwater underworld
unhappy1 unicorns uniforms universal universe1 unknown1 unlimited valencia valhalla valkyrie valleys1 vampire1
vampires vanguard vanilla1 vegetable vegetarian velocity venezuela1 vengeance ventures verbatim vermont1 versace1
veterans viceroy1 vicious1 victorious viewsonic vikings1 villager vincent1 violence violet12 virginia1 visitor1
vivaldi1 volcano1 volcanoes volleyball1 volunteer voyager1 wallpaper walnut12 wanderer warcraft1 warehouse warlock1
warlord1 warrior1 warriors wasabi12 waterfall waterfront waterloo watermelon1 waterpolo wavelength weaponx1 weather1
webdesign wednesday1 weekend1 welcome12 welcome123 wellington werewolf1 westlife westside westwood whatever1 whiplash
whirlwind whiskey1 whisper1 whitefish whitehouse whiterose whitesox wildcats wildfire wildlife williams windmill
windsurf wingnut1 winston1 winter12 wireless wisdom12 witchcraft withlove wolfgang wolfpack wolves12 wonderful1
wonderland woodland woodstock workshop worldcup worldwide wrestler wrestling1 xanadu12 xavier12 yamaha12 yellowstone
yesterday yosemite youngster yourmom1 yourself yugoslavia zealander zeppelin zimbabwe zombies1
`

/** More first and last names, likewise. */
export const MORE_NAMES = `
adelaide adriana1 adrienne agnieszka alasdair alberto1 alejandra alessandra alessandro alessia1 alexander1 alexandre
alexandria alistair allison1 alphonse amanda12 anderson andreas1 andrew12 andrew123 angelica1 angelika angelique
angelo12 annabelle annalise annette1 anthony1 antoinette antonia1 aristotle arlene12 armstrong arthur12 ashley12
ashley123 augustus aurelie1 bartholomew beatrice beatrix1 bernadette bernard1 bernardo bethany1 brandon1 brenda12
brianna1 bridget1 brigitte brittney brooklynn caitlin1 camille1 candice1 carmen12 caroline1 cassidy1 catalina1
cathleen cecilia1 celeste1 chantal1 charlene charles1 charlie1 charlie12 charlie123 charlotte chelsea1 chester1
christelle christian1 christiane christine christopher1 clarence clarissa claudia1 clemence clementine constance
cordelia cornelia cornelius courtney1 cristina cynthia1 daniel12 daniel123 daniela1 danielle1 deborah1 delphine
denise12 desmond1 diana123 dolores1 domenico dominic1 dominik1 dominique donovan1 dorothea douglas1 edmund12 eduardo1
edwards1 elaine12 eleonora elisabeth elizabeth1 emanuela emmanuel emmanuelle enrique1 ernesto1 esperanza esteban1
estelle1 evangeline ezekiel1 fabienne fabrizio fatima12 federica federico ferdinand fernanda fernando1 florence
francesca francesco1 francine francis1 francisco1 franklin1 frederic frederick friedrich gabriel1 gabriela gabriele
gabrielle genevieve geoffrey george12 georgia1 georgina geraldine giacomo1 gilbert1 gillian1 gioconda giorgio1
giovanna giulia12 giuseppe gloria12 gonzalez gregory1 griffith guadalupe guglielmo guillaume guillermo gustavo1
gwendolyn hamilton1 hannah12 hannah123 harrison1 hassan12 heather1 henrietta hernandez hildegard humphrey ignacio1
imogen12 ingeborg isabella1 isidora1 jackson1 jacqueline james123 jasmine12 jasper12 jeanette jeffrey1 jennifer1
jennifer12 jessica1 jessica12 jimmy123 joanna12 johannes johnathan johnson1 jonathan1 jordan12 jordan123 jorge123
josephine joshua12 joshua123 juan1234 juliana1 juliette justin12 justin123 karolina kassandra kathleen kathryn1
katie123 katrina1 kendall1 kenneth1 kimberly1 konstantin kristen1 kristian kristina kristine lawrence1 leonardo1
leonidas1 leticia1 lewis123 lindsay1 lindsey1 lorenzo1 louise12 lucia123 lucrezia ludovica madeleine madeline madison1
magdalena malcolm1 manuela1 marcella marcello marcelo1 margarita margaux1 marguerite mariana1 marianne maribel1
mariela1 marilyn1 marissa1 marjorie marlene1 marlon12 martha12 martina1 martinez massimo1 matilda1 matteo12 matthew1
matthew12 matthias mauricio maurizio maxime12 maximilian mckenzie mercedes1 meredith michael1 michael12 michael123
michaela micheal1 michelangelo michelle1 michelle12 miguel12 mikayla1 mildred1 miranda1 mitchell mohamed1 mohammad
mohammed1 monique1 morgan12 morrison mustafa1 nathalie nathan12 nathan123 nathaniel nicholas1 nicholson nicole12
nicole123 nikolaus octavia1 olivia12 olivia123 orlando1 pamela12 patricia1 patrick12 penelope1 percival philippe
phillip1 phoebe12 pierre12 priscilla rachel12 rachelle rafael12 raffaele ramirez1 randolph raphael1 raymond1 rebecca12
reginald reinhard ricardo1 richard1 richards roberta1 roberto1 roberts1 robertson robinson rocio123 roderick rodrigo1
rodriguez ronald12 rosalind rosalinda rosanna1 roxanne1 rudolf12 russell1 sabrina1 salvatore samantha1 samuel12
sanchez1 santiago savannah1 scarlett sebastian1 serena12 shannon12 sheila12 shirley1 sidney12 silvester simone12
solomon1 sophie12 stanislav stefania stefanie stephane stephanie1 steven12 stevens1 stewart1 susanna1 suzanne1
sylvester sylvie12 tabitha1 tamara12 tanya123 terence1 theodora theodore theresa1 thomas12 thomas123 thompson tiffany1
timothy1 tommaso1 tristan1 valentin valentina1 valentino valerie1 vanessa1 veronika victoria1 vincent12 virginie
viviana1 vladislav wallace1 wendy123 wilfried wilhelmina william1 williamson winifred yasmine1 yolanda1 yvonne12
zachary1 zoltan12
`
