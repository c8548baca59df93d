/**
 * What people write when they are asked for something long: lines of songs, films, prayers and memes, titles, teams,
 * bands, famous people, polite and rude sentences. Kept without spaces; a password is compared without them too.
 */
export const PHRASES = `
i love you|i love you so much|i love you forever|i love you always|i love you baby|i love you more|i love you too|i love my mother|i love my father
i love my family|i love my husband|i love my wife|i love my boyfriend|i love my girlfriend|i love my daughter|i love my children|i love my friends
i love my mom and dad|i love my life|i love my dog|i love my cat|i love my country|i love chocolate|i love football|i love basketball|i love baseball
i love music|i love justin bieber|i love one direction|i love michael jackson|i love jesus christ|i love god|i love allah|i love puppies|i love kittens
i love animals|i love horses|i love dolphins|i love computers|i love summer|i love new york|i love london|i love paris|i love america|i love australia
i love california|i hate you so much|i hate school|i hate passwords|i hate my job|i hate mondays|i hate everything|i hate this website|i forgot my password
i forget my password|i dont remember|i cant remember|i do not remember my password|i dont have a password|i need a new password|i need more coffee
i am the best|i am awesome|i am beautiful|i am batman|i am iron man|i am superman|i am your father|luke i am your father|i am the king|i am the greatest
i am the one|i am legend|i am number one|i am a genius|i am a winner|i am happy today|i am so happy|i will survive|i will be back|ill be back
i want to break free|i want to be free|i want it that way|i want candy|i want money|i see dead people|i solemnly swear that i am up to no good
mischief managed|it is a secret|its a secret|its a beautiful day|its my life|its my password|its over nine thousand|it was a dark and stormy night
it was the best of times|this is my password|this is a password|this is the password|this is not my password|this is my secret password
this is my new password|this is a secret|this is a test|this is only a test|this is a long password|this is a very long password|this is a strong password
this is a secure password|this is sparta|this is madness|this is awesome|this is stupid|this is bullshit|this is my life|this is the way|this too shall pass
thats what she said|my password|my password is|my password is password|my password is secret|my password is secure|my password is strong|my password is long
my new password|my secret password|my super secret password|my secure password|my strong password|my long password|my very long password
my voice is my passport|my name is|my name is khan|my name is nobody|my name is slim shady|my best friend|my best friends|my beautiful wife
my beautiful daughter|my little pony|my little princess|my heart will go on|my chemical romance|my precious|my love for ever|my favorite color is blue
my dog has fleas|my dog is the best|my family is my life|my life my rules|my immortal|my only love|my god is good|the password|the password is
the password is password|the secret password|the quick brown fox|the quick brown fox jumps|the quick brown fox jumps over
the quick brown fox jumps over the lazy dog|jump over the lazy dog|the lazy dog|the rain in spain|the cat in the hat|the cake is a lie|the force awakens
the dark side of the moon|the dark knight|the dark knight rises|the dark tower|the lord of the rings|the fellowship of the ring|the two towers
the return of the king|the hunger games|the walking dead|the big bang theory|the vampire diaries|the simpsons|the x files|the truth is out there
the matrix reloaded|the matrix has you|the terminator|the godfather|the lion king|the little mermaid|the jungle book|the beatles|the rolling stones
the red hot chili peppers|the smashing pumpkins|the legend of zelda|the world is mine|the world is yours|the best is yet to come|the one and only
the great gatsby|the catcher in the rye|the hitchhikers guide to the galaxy|the answer is forty two|the end of the world|the end is near|the sky is the limit
the sound of music|the sound of silence|the grateful dead|the undertaker|the rock says|the lord is my shepherd|the lord is my light
the truth will set you free|the phantom menace|the princess bride|the show must go on|the winner takes it all|the time is now|the only one
the number of the beast|the united states|to be or not to be|to be or not to be that is the question|to infinity and beyond|two plus two is four
two plus two equals four|one plus one is two|one two three four|one two three four five|one two three four five six|one ring to rule them all
one love one heart|one world one dream|one day at a time|one tree hill|one direction|onetwothreefour|onetwothreefourfive|once upon a time
once upon a time in the west|only god can judge me|only you|may the force be with you|may the fourth be with you|live long and prosper|beam me up scotty
resistance is futile|these are not the droids|these arent the droids youre looking for|use the force luke|do or do not there is no try|darth vader
obi wan kenobi|anakin skywalker|luke skywalker|princess leia|millennium falcon|star wars episode|winter is coming|winter is here|game of thrones
house of cards|breaking bad|stranger things|house stark|a lannister always pays his debts|valar morghulis|valar dohaeris|hodor hodor hodor|fire and blood
you know nothing|you know nothing jon snow|you shall not pass|you shall not password|you are my sunshine|you are my everything|you are my love
you are beautiful|you are the best|you are not alone|you are the one|you can do it|you can do this|you only live once|you and me forever|you raise me up
you rock my world|youll never walk alone|you cant guess this|you will never guess|youll never guess|youll never guess this|you will never guess this password
youre awesome|never give up|never give up hope|never say never|never gonna give you up|never gonna let you down|never ending story|never trust anyone
never forget|never surrender|never look back|never walk alone|neverland ranch|never mind the bollocks|always and forever|always remember
always look on the bright side of life|all you need is love|all for one|all for one and one for all|all your base are belong to us|all about that bass
all the best|all by myself|all along the watchtower|all men must die|a long time ago|a long time ago in a galaxy far far away|a song of ice and fire
a thousand years|a friend in need|a walk to remember|alice in wonderland|alice in chains|abra cadabra|abracadabra alakazam|open sesame|hocus pocus|let me in
let me in please|let me in now|please let me in|let it be|let it go let it go|let it snow|let there be light|let the games begin|let the sunshine in
live free or die|live and let die|live laugh love|live your life|live for today|life is good|life is beautiful|life is short|life is like a box of chocolates
life goes on|life is a journey|love is blind|love is life|love is all you need|love is in the air|love is forever|love is everything|love will find a way
love me tender|love me forever|love me or hate me|love you forever|love you always|love you so much|love love love|love hate love|love peace and happiness
love and peace|love never dies|love of my life|love story|lost in translation|peace and love|peace on earth|peace love and happiness|peace be with you
god is great|god is good|god is good all the time|god is love|god bless you|god bless america|god bless us all|god save the queen|god of war|god loves me
god first|godzilla versus|jesus loves me|jesus loves you|jesus is lord|jesus is my lord|jesus is my savior|jesus christ|jesus christ superstar|jesus saves
in god we trust|in the name of god|in the end|in the beginning|in loving memory|in vino veritas|in a galaxy far far away|praise the lord|thank you jesus
thank you god|thank you lord|thank god|thank god its friday|our father who art in heaven|hail mary full of grace|amazing grace|ave maria|holy spirit
blessed are the meek|glory to god|glory glory man united|hallelujah praise|allah is great|allahu akbar|la ilaha illallah|bismillah hirrahman|alhamdulillah
assalamu alaikum|om namah shivaya|jai shree ram|jai shri krishna|hare krishna hare rama|om sai ram om sai ram|sri rama jayam|waheguru waheguru|hakuna matata
carpe diem|carpe noctem|veni vidi vici|cogito ergo sum|semper fidelis|memento mori|et tu brute|lorem ipsum|lorem ipsum dolor sit amet|tempus fugit
ad astra per aspera|e pluribus unum|per aspera ad astra|alea iacta est|c est la vie|vive la france|je t aime|je t aime mon amour|je taime pour toujours
mon amour|mot de passe|bonjour tout le monde|joyeux anniversaire|liberte egalite fraternite|te amo mucho|te amo mi amor|te quiero mucho|te amo para siempre
mi amor te amo|mi familia es todo|no me acuerdo|la vida es bella|viva la vida|viva mexico|hola mundo|contrasena|mi contrasena|mi contrasena es|eu te amo
eu te amo muito|eu amo minha familia|deus e fiel|deus e amor|minha senha|jesus te ama|ti amo tanto|ti voglio bene|ti amo da morire|forza juventus
la dolce vita|ich liebe dich|ich liebe dich so sehr|mein passwort|das ist mein passwort|guten morgen|vergiss mein nicht|borussia dortmund|bayern muenchen
fc bayern munchen|werder bremen|eintracht frankfurt|sonnenschein|ik hou van jou|mijn wachtwoord|kocham cie|moje haslo|seni seviyorum|ya tebya lyublyu
ya lyublyu tebya|moi parol|aishiteru|wo ai ni|wo ai ni wo ai ni|sarang hae|mahal kita|aku cinta kamu
tr0ub4dor and 3|hunter two|hunter2hunter2|swordfish swordfish|friend speak and enter
speak friend and enter|ask and you shall receive|shaken not stirred|bond james bond|james bond 007|my name is bond|houston we have a problem
one small step for man|elementary my dear watson|here is looking at you kid|frankly my dear i dont give a damn|toto were not in kansas anymore
there is no place like home|theres no place like home|there is no spoon|there can be only one|there is no god|there is no tomorrow|there is a light
follow the white rabbit|follow your heart|follow your dreams|follow the yellow brick road|somewhere over the rainbow|over the rainbow|yellow brick road
yellow submarine|hey jude|strawberry fields forever|lucy in the sky with diamonds|here comes the sun|here comes the rain|twist and shout|come together
across the universe|eleanor rigby|abbey road|sgt pepper|imagine all the people|imagine dragons|stairway to heaven|hotel california|bohemian rhapsody
we are the champions|we are the world|we are one|we are legion|we are family|we are anonymous|we will rock you|we will never forget|we the people
we didnt start the fire|we love you|another one bites the dust|another brick in the wall|dont stop me now|dont stop believing|dont worry be happy
dont worry about it|dont forget|dont forget me|dont forget your password|dont panic|dont panic and carry a towel|dont look back in anger|dont tell anyone
dont touch my phone|dont hack me|dont hack me please|dont be evil|dont cry for me|dont fear the reaper|dont tread on me|dont know why|dont you forget about me
wish you were here|shine on you crazy diamond|comfortably numb|dark side of the moon|enter sandman|master of puppets|master of the universe
nothing else matters|nothing is impossible|nothing compares|nothing to lose|ride the lightning|fade to black|seek and destroy|welcome to the jungle
sweet child o mine|sweet dreams|sweet home alabama|guns n roses|guns and roses|knocking on heavens door|november rain|highway to hell|back in black
thunderstruck|smells like teen spirit|come as you are|smoke on the water|paint it black|sympathy for the devil|born to be wild|born in the usa|born to run
born to kill|born this way|purple haze|purple rain|black sabbath|iron maiden rules|led zeppelin|deep purple|pink floyd|pink floyd rocks|jimi hendrix
bob marley|no woman no cry|one love|three little birds|redemption song|every little thing|every breath you take|every day is a good day|everybody hurts
everybody loves raymond|everything is awesome|everything will be ok|everything happens for a reason|everlasting love|avenged sevenfold|bullet for my valentine
thirty seconds to mars|30 seconds to mars|fall out boy|panic at the disco|twenty one pilots|system of a down|rage against the machine|red hot chili peppers
linkin park|foo fighters|green day rocks|american idiot|boulevard of broken dreams|limp bizkit|marilyn manson|nine inch nails|children of bodom
cannibal corpse|dream theater|dimmu borgir|cradle of filth|in flames we trust|heavy metal|rock and roll|rock n roll|rock and roll all nite
long live rock n roll|drum and bass|hip hop|justin bieber|justin timberlake|taylor swift|selena gomez|ariana grande|lady gaga|katy perry|britney spears
christina aguilera|jennifer lopez|jennifer aniston|jennifer lawrence|michael jackson|michael jordan|michael jordan 23|michael schumacher|michael phelps
mariah carey|whitney houston|celine dion|freddie mercury|elvis presley|frank sinatra|johnny depp|johnny cash|brad pitt|angelina jolie|leonardo dicaprio
leonardo da vinci|marilyn monroe|audrey hepburn|arnold schwarzenegger|sylvester stallone|chuck norris|bruce willis|bruce lee|jackie chan|tom cruise
robert pattinson|edward cullen|bella swan|team edward|harry potter|harry potter rules|hermione granger|ronald weasley|albus dumbledore|lord voldemort
severus snape|sirius black|expecto patronum|wingardium leviosa|avada kedavra|chamber of secrets|deathly hallows|lord of the rings|frodo baggins|bilbo baggins
samwise gamgee|gandalf the grey|gandalf the white|middle earth|minas tirith|chronicles of narnia|sherlock holmes|albert einstein|isaac newton|stephen hawking
charles darwin|nikola tesla|marie curie|alexander the great|napoleon bonaparte|julius caesar|abraham lincoln|george washington|thomas jefferson
john fitzgerald kennedy|barack obama|donald trump|nelson mandela|mahatma gandhi|martin luther king|winston churchill|william shakespeare|romeo and juliet
edgar allan poe|stephen king|friedrich nietzsche|wolfgang amadeus|amadeus mozart|ludwig van beethoven|beethoven ninth|manchester united|manchester city
manchester united fc|man united for life|liverpool fc|liverpool football club|chelsea football club|arsenal football club|arsenal gunners|tottenham hotspur
west ham united|newcastle united|leeds united|sheffield wednesday|wolverhampton wanderers|nottingham forest|aston villa|blackburn rovers|glasgow rangers
glasgow celtic|hala madrid|real madrid|realmadridfc|real madrid club|fc barcelona|fcbarcelona|visca barca|visca el barca|barcelona forever|atletico madrid
inter milan|internazionale|ac milan forever|juventus turin|paris saint germain|olympique marseille|olympique lyon|ajax amsterdam|boca juniors|river plate
sao paulo fc|corinthians campeao|flamengo campeao|cristiano ronaldo|cristiano ronaldo 7|lionel messi|lionel messi 10|leo messi|wayne rooney|david beckham
steven gerrard|ryan giggs|fernando torres|zinedine zidane|diego maradona|ronaldinho gaucho|roberto carlos|champions league|premier league|world cup
kobe bryant|kobe bryant 24|lebron james|lebron james 23|shaquille oneal|stephen curry|stephen curry 30|los angeles lakers|chicago bulls|chicago cubs
chicago bears|chicago blackhawks|boston celtics|boston red sox|new york yankees|new york giants|new york mets|new york rangers|new york knicks|newyorkcity
new york city|dallas cowboys|green bay packers|pittsburgh steelers|pittsburgh penguins|new england patriots|oakland raiders|denver broncos|miami dolphins
miami heat|san francisco 49ers|san francisco giants|philadelphia eagles|philadelphia flyers|minnesota vikings|baltimore ravens|washington redskins
washington capitals|detroit red wings|detroit lions|detroit tigers|atlanta braves|tampa bay lightning|st louis cardinals|toronto maple leafs
montreal canadiens|los angeles|los angeles kings|san francisco|las vegas nevada|united states of america|united states|united kingdom|great britain
new zealand|south africa|south carolina|north carolina|north dakota|saudi arabia|united arab emirates|proud to be an american|made in america|american dream
american pie|american beauty|american horror story|american eagle|captain america|captain jack sparrow|jack sparrow|pirates of the caribbean|johnny english
gone with the wind|forrest gump|run forrest run|pulp fiction|fight club|reservoir dogs|inglourious basterds|kill bill volume|back to the future
star trek enterprise|star trek voyager|star trek the next generation|battlestar galactica|doctor who|stargate atlantis|stargate sg1|babylon five
ghost in the shell|neon genesis evangelion|neon genesis|fullmetal alchemist|naruto shippuden|naruto uzumaki|sasuke uchiha|itachi uchiha|monkey d luffy
roronoa zoro|dragon ball z|dragon ball super|dragonballz|death note|attack on titan|one piece is real|sword art online|bleach ichigo|ichigo kurosaki
pokemon master|gotta catch em all|pikachu i choose you|super mario bros|super mario|super mario world|super smash bros|donkey kong|sonic the hedgehog
final fantasy|final fantasy vii|kingdom hearts|metal gear solid|resident evil|silent hill|assassins creed|call of duty|call of duty black ops|modern warfare
modern warfare 2|counter strike|counter strike source|half life|grand theft auto|grand theft auto san andreas|need for speed|need for speed most wanted
world of warcraft|world of tanks|league of legends|defense of the ancients|lineage 2|team fortress|left 4 dead|age of empires|age of mythology
command and conquer|heroes of might and magic|dungeons and dragons|dungeon master|magic the gathering|warhammer 40000|for the horde|for the alliance
leeroy jenkins|would you kindly|war never changes|finish him|game over|new game plus|player one|ready player one|minecraft|minecraft is awesome|playstation
playstation 3|playstation 4|xbox live|nintendo switch|windows xp professional|microsoft windows|microsoft office|internet explorer|google chrome
mozilla firefox|mcdonalds|coca cola|coca cola zero|pepsi cola|red bull gives you wings|starbucks coffee|just do it|just do it now|im lovin it|think different
keep calm and carry on|keep it simple stupid|keep it real|keep the faith|keep out|keep smiling|be happy always|be yourself|be the change|be careful|be cool
be strong and courageous|believe in yourself|believe in god|believe in me|follow me|forever and always|forever and ever|forever alone|forever young
forever in love|friends forever|best friends forever|best friends for life|brothers in arms|brothers forever|sisters forever|together forever
happily ever after|happy birthday|happy birthday to you|happy birthday to me|happy new year|happy halloween|merry christmas|merry christmas and happy new year
jingle bells|santa claus is coming|silent night|happy family|happy feet|happy ending|good morning|good morning sunshine|good night|good luck|good bye
good girls go bad|good charlotte|good things come to those who wait|goodbye cruel world|hello world|hello world hello|hello hello hello|hello kitty
hello kitty forever|hello my name is|hello there|hello there general kenobi|hello my friend|hello sunshine|hey there delilah|how are you|how are you today
how i met your mother|how to train your dragon|what is the password|what is my password|whats my password|what the fuck|what the hell|what the heck
what is love|what is love baby dont hurt me|what does the fox say|what goes around comes around|what is your name|whats up doc|what a wonderful world
where is my mind|where is waldo|wheres waldo|who am i|who let the dogs out|who is your daddy|whos your daddy|who cares anyway|why so serious|why not me
why did the chicken cross the road|when pigs fly|when in rome|while my guitar gently weeps|white rabbit|knock knock whos there|roses are red
roses are red violets are blue|violets are blue|mary had a little lamb|twinkle twinkle little star|twinkle twinkle|humpty dumpty|humpty dumpty sat on a wall
jack and jill went up the hill|old macdonald had a farm|itsy bitsy spider|row row row your boat|ring around the rosie|three blind mice|hickory dickory dock
baa baa black sheep|little miss muffet|london bridge is falling down|incy wincy spider|rub a dub dub|head shoulders knees and toes|abcdefg hijklmnop
now i know my abcs|an apple a day keeps the doctor away|apple pie|apples and oranges|peanut butter|peanut butter and jelly|peanut butter jelly time
macaroni and cheese|mac and cheese|chocolate chip|chocolate chip cookie|chocolate chip cookies|chocolate cake|chocolate milk|strawberry shortcake|ice cream
ice cream sandwich|ice cream is good|bacon and eggs|green eggs and ham|fish and chips|pizza is good|i like pie|i like turtles|i like cheese|i like big butts
i like to move it|i like pizza|i like trains|beer is good|jack daniels|johnnie walker|johnny walker black|captain morgan|sex drugs and rock n roll
sex and the city|sex on the beach|sexy and i know it|sexy bitch|fuck you|fuck you all|fuck you bitch|fuck you asshole|fuck this shit|fuck the police
fuck the world|fuck the system|fuck off and die|go fuck yourself|suck my dick|kiss my ass|eat my shorts|eat shit and die|shut up|shut the fuck up|bite me
son of a bitch|mother fucker|bad motherfucker|bullshit bullshit|pain in the ass|holy shit|holy cow|oh my god|oh my gosh|omg wtf|stupid password|stupid website
stupid computer|another stupid password|yet another password|just another password|just let me in|just a password|not a password|not my password|no password
no password needed|no more passwords|nopassword|new password|new password please|change me|change me please|change me now|please change me
change this password|change password|change it now|enter password|enter password here|enter your password|password please|password here|password is password
password is secret|password is incorrect|incorrect password|wrong password|wrong password try again|invalid password|forgot password|forgotten password
forgot my password|remember me|remember the name|remember this|remember my password|secret password|super secret|super secret password|super secure password
super strong password|super password|supersecret|top secret|top secret password|top secret stuff|secure password|very secure password|very secret password
very strong password|very long password|strong password|long password|longest password ever|really long password|a very long password|a long password
a strong password|a secure password|a secret password|a good password|good password|best password|best password ever|worst password ever|easy password
simple password|random password|temporary password|temp password|test password|testing password|test account|testing testing|testing one two three
testing 123 testing|testing testing 123|test test test|demo password|default password|admin password|administrator|administrator password|root password
system administrator|super administrator|superadmin|network administrator|database password|server password|service account|welcome home|welcome back
welcome to hell|welcome to my world|welcome to my life|welcome to the club|welcome to the machine|welcome to the matrix|wake up neo|work hard play hard
work hard|work in progress|no pain no gain|no fear|no limits|no guts no glory|no problem|no way jose|no more tears|no country for old men|no one knows
no one can know|nobody knows|nobody is perfect|nobodys perfect|practice makes perfect|time is money|time flies|time to go|time after time|money money money
money is power|make money|get rich or die trying|show me the money|knowledge is power|with great power comes great responsibility|power rangers
go go power rangers|mighty morphin|ninja turtles|teenage mutant ninja turtles|cowabunga dude|transformers|optimus prime|bruce wayne|peter parker|tony stark
clark kent|justice league|guardians of the galaxy|spider man|super man|bat man|wonder woman|black widow|black panther|wakanda forever|agents of shield
avengers assemble|avengers endgame|dead pool|walking dead|zombie apocalypse|nightmare on elm street|friday the 13th|silence of the lambs|hannibal lecter
freddy krueger|queen of hearts|queen of the damned|king of kings|king of the world|king of the hill|king of the jungle|king of pop|kings of leon
kingdom of heaven|knights templar|knight rider|knights of the round table|monty python|monty python and the holy grail|spam spam spam|ni ni ni|life of brian
spongebob squarepants|bob the builder|thomas the tank engine|winnie the pooh|mickey mouse|mickey mouse club|donald duck|daisy duck|bugs bunny|tom and jerry
scooby doo|scooby doo where are you|rugrats|powerpuff girls|phineas and ferb|teletubbies|sesame street|cookie monster|kermit the frog|miss piggy|care bears
hannah montana|high school musical|camp rock|pretty little liars|gossip girl|desperate housewives|greys anatomy|prison break|michael scofield|law and order
criminal minds|boston legal|desperado|how deep is your love|saturday night fever|staying alive|dancing queen|mamma mia|dancing in the rain|singing in the rain
raining cats and dogs|rain rain go away|walking on sunshine|sunshine of my life|sunshine and rainbows|rainbow dash|rainbow unicorn|unicorns and rainbows
pretty in pink|pretty woman|beauty and the beast|beautiful girl|beautiful girls|beautiful life|beautiful mind|beautiful people|beautiful disaster
beautiful day|butterfly effect|butterfly kisses|float like a butterfly|sting like a bee|golden retriever|german shepherd|german shepherds|yorkshire terrier
jack russell terrier|bernese mountain dog|cocker spaniel|black labrador|chocolate lab|great white shark|siberian husky|harley davidson
harley davidson motorcycles|ford mustang|ford mustang gt|mustang cobra|shelby gt500|chevrolet camaro|chevrolet corvette|dodge challenger|dodge charger
pontiac firebird|pontiac trans am|lamborghini gallardo|lamborghini murcielago|lamborghini diablo|lamborghini aventador|ferrari enzo|aston martin
aston martin db9|rolls royce|mercedes benz|mercedes benz amg|range rover|land rover discovery|alfa romeo|volkswagen golf|volkswagen beetle|volkswagen passat
mitsubishi lancer|mitsubishi evolution|mitsubishi eclipse|subaru impreza|subaru impreza wrx|nissan skyline|nissan skyline gtr|toyota corolla|toyota supra
honda civic|honda civic type r|yamaha r1|kawasaki ninja|john deere|john deere tractor|caterpillar|computer science|software engineer|software engineering
mechanical engineer|mechanical engineering|electrical engineer|electrical engineering|civil engineering|information technology|information security
business administration|human resources|customer service|project manager|graphic design|graphic designer|web developer|photography|interior design|real estate
united nations|red cross|marine corps|united states marine corps|united states army|us navy seals|special forces|air force one|band of brothers
saving private ryan|black hawk down|semper fi marines|death before dishonor|death from above|death metal|rest in peace|rest in peace mom|rest in peace dad
rip grandma|miss you forever|i miss you so much|i miss you mom|i miss you dad|miss you mom|love you mom|love you dad|love you mommy|mommy and daddy
mom and dad|mother and father|mother nature|mother theresa|mothers day|daddys girl|daddys little girl|mommys little girl|mamas boy|baby boy|baby girl
babygirl forever|babe ruth|little princess|little angel|little angels|my little angel|guardian angel|angels and demons|angel of death|angel of darkness
angel of music|fallen angel|dark angel|black angel|charlies angels|city of angels|angels and airwaves|heaven and hell|heaven or hell|heaven is for real
heaven on earth|hell on earth|hells angels|hell or high water|highway star|devil may cry|devil may cry 4|the devil wears prada|speak of the devil
lucifer morningstar|blood brothers|blood and honor|blood sugar sex magik|blood moon|super star|super girl|super nova|super hero|superman is dead|super natural
supercalifragilistic|shooting star|shooting stars|rock star|stars and stripes|stars in the sky|star light star bright|starry night|moon and stars|moon light
blue moon|blue moon of kentucky|blue sky|blue ocean|blue eyes|blue eyes white dragon|yu gi oh|dark magician|exodia the forbidden one|black and white
black and yellow|black cat|black dragon|black rose|black beauty|black diamond|black label society|black ops 2|black friday|white dragon|white tiger|red dragon
red rose|red rum redrum|red dead redemption|green dragon|green lantern|green arrow|green lantern corps|golden dragon|golden eye|golden eagle
golden state warriors|golden gate bridge|silver surfer|silver dragon|silver bullet|pink panther|pink ribbon|pretty pink princess|purple dragon
purple monkey dishwasher|purple people eater|yellow jacket|crouching tiger hidden dragon|enter the dragon|here be dragons|game of dragons|mother of dragons
year of the dragon|eye of the tiger|tiger woods|easy tiger|paper tiger|monkey business|monkey see monkey do|monkey island|twelve monkeys|arctic monkeys
curious george|elephant in the room|pink elephant|pink elephants|flying pigs|flying monkeys|flying spaghetti monster|angry birds|early bird|free bird
free as a bird|blackbird singing|eagles fly high|dirty dancing|dirty harry|make my day|go ahead make my day|do you feel lucky|do you feel lucky punk
feel the force|feel good inc|clint eastwood|the good the bad and the ugly|once bitten twice shy|easy as pie|easy as abc|piece of cake|a piece of cake
easy come easy go|easy peasy lemon squeezy|lemon tree|orange is the new black|orange juice|fruit loops|banana split|banana republic|bananas in pyjamas
banana phone|coconut milk|pineapple express|pineapple under the sea|who lives in a pineapple|watermelon sugar|cherry blossom|cherry coke|sugar and spice
sugar sugar|honey bunny|honey bunches|honey moon|sweetie pie|cutie pie|sweet sixteen|sweet heart|sweet revenge|sweet and sour|candy crush|candy crush saga
cotton candy|candy cane|snow white|snow white and the seven dwarfs|sleeping beauty|cinderella story|peter pan|peter pan never land|tinker bell|tinkerbell
wizard of oz|wicked witch|wicked witch of the west|charlie and the chocolate factory|willy wonka|charlie brown|charlie chaplin|snoopy and woodstock
calvin and hobbes|far from home|home sweet home|home is where the heart is|home alone|close encounters|far far away|lost and found|lost in space
danger will robinson|open the door|open the pod bay doors|open the pod bay doors hal|close the door|door to door|knock on wood|cross my heart
cross my heart and hope to die|achy breaky heart|heart of gold|heart breaker|broken heart|broken hearted|broken dreams|broken wings|dream big|dream catcher
dreams come true|dream on|dream come true|sweet dreams are made of this|a dream within a dream|follow that dream|only in dreams|i have a dream|yes we can
yes i can|yes master|si se puede|power to the people|people are strange|strange days|strange love|dr strangelove|doctor strange|mad world|mad max fury road
mad hatter|crazy frog|crazy for you|crazy in love|crazy train|crazy little thing called love|somebody to love|somebody that i used to know|someone like you
something wicked this way comes|rolling in the deep|set fire to the rain|poker face|bad romance|paparazzi|single ladies|umbrella ella ella|wrecking ball
call me maybe|gangnam style|oppa gangnam style|macarena|despacito|thriller night|billie jean|beat it|smooth criminal|man in the mirror|black or white
heal the world|earth wind and fire|fire in the hole|fire walk with me|twin peaks|light my fire|ring of fire|burning love|jailhouse rock|heartbreak hotel
suspicious minds|blue suede shoes|viva las vegas|folsom prison blues|walk the line|walk like an egyptian|walk this way|dream weaver|livin on a prayer
living on a prayer|wanted dead or alive|dead or alive|dead man walking|dead by daylight|dead space|evil dead|army of darkness|nightmare before christmas
jack skellington|corpse bride|edward scissorhands|sweeney todd|alice cooper|schools out for summer|school of rock|school sucks|back to school|teachers pet
football is life|football rules|football player|football fan|soccer is life|soccer player|soccer rules|basketball is life|basketball player|baseball is life
baseball player|hockey is life|hockey player|softball player|volleyball player|ball is life|play ball|game on|game time|hole in one|home run|slam dunk
ride or die|ride hard|ride the wave|surfs up dude|snowboarding|skate or die|skateboarding|skate boarding|horse back riding|horse riding|horseback riding
horses are awesome|wild horses|wild child|wild thing|into the wild|call of the wild
`
