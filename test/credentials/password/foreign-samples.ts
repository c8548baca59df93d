import type { ForeignHash } from '../../../src/credentials/password/foreign.ts'

/*
 * One password as others keep it. Made with Python's hashlib, PHP's form of bcrypt, and the example of Firebase's own description.
 */

export const PASSWORD = 'correct horse battery staple'

const SALT = 'AAECAwQFBgcICQoLDA0ODw'
const KEYCLOAK_256 = 'Ca/W1uHPdOF53bPWSQyrHQQPdk6KOe20VTbaw0U+WWswH2gciKNBqwk+H7RPgAmCshFAhVRLSSar72bo1/g8dA=='
const KEYCLOAK_512 = 'oVEzTkw5X/xSLv5Nf2GQI+2Vyyc25iPhLwOlZCinlDKqL/UdQOvXjTfz1RZk7U4+QTSB95pU9/04KNJeLc6R6g=='

export const PHC_SCRYPT = `$scrypt$ln=14,r=8,p=1$${SALT}$11kKyiyYAc8G7rp3KmncMc44YlkdllIqxOa7pq0fMaU`
export const ARGON2I = '$argon2i$v=19$m=4096,t=3,p=1$22FTwgs9Gxjk7vpQh2PSZw$jZhiI3e7JjIkGHux2gXroc469H8VlKpX+fDd2kQP5Uw'
export const LARAVEL = '$2y$04$OHruBNRlteNcT7XKqoI8I.Gs.hicwk./A4kDwpKFvsnC5W.byQmyK'
export const DJANGO = 'pbkdf2_sha256$20000$Zq3xRk7fYw2T$FeLHjHU7iezlRFjPH+6ehaL0mcuhDIew6nSaPmntcY4='

/** By whose it is: the hash, and how its record begins. */
export const FOREIGN: Readonly<Record<string, readonly [ForeignHash, kind: string]>> = {
  Laravel: [LARAVEL, '$2y$04'],
  Devise: [LARAVEL.replace('$2y', '$2a'), '$2a$04'],
  Supabase: [LARAVEL.replace('$2y', '$2b'), '$2b$04'],
  'argon2i of PHP': [ARGON2I, '$argon2i$v=19$m=4096,t=3,p=1'],
  Django: [DJANGO, '$pbkdf2-sha256$i=20000'],
  'Django with bcrypt': [`bcrypt$${LARAVEL}`, '$2y$04'],
  'Django with argon2': [`argon2${ARGON2I}`, '$argon2i$v=19$m=4096,t=3,p=1'],
  'Django with scrypt': [
    'scrypt$16384$Zq3xRk7fYw2T$8$1$lWnSFPu7pm0BPhW0CI4yNa/UA7NAnXVGEGd8gF1N2gl8nDzpcWLf4fnM2uDM6ywHQPsszSHCkjwxUCE3W1Ce8g==',
    '$scrypt$ln=14,r=8,p=1',
  ],
  'scrypt as PHC': [PHC_SCRYPT, '$scrypt$ln=14,r=8,p=1'],
  passlib: [`$pbkdf2-sha256$29000$${SALT}$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY`, '$pbkdf2-sha256$i=29000'],
  'PBKDF2 as PHC': [
    `$pbkdf2-sha256$i=29000,l=32$${SALT}==$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY=`,
    '$pbkdf2-sha256$i=29000',
  ],
  'Keycloak, sha256': [
    { pbkdf2: { digest: 'sha256', iterations: 27_500, salt: `${SALT}==`, hash: KEYCLOAK_256 } },
    '$pbkdf2-sha256$i=27500',
  ],
  'Keycloak, sha512': [
    { pbkdf2: { digest: 'sha512', iterations: 21_000, salt: `${SALT}==`, hash: KEYCLOAK_512 } },
    '$pbkdf2-sha512$i=21000',
  ],
}

/** Firebase's example, whose password is `user1password`. */
export const FIREBASE = {
  hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  salt: '42xEC+ixf3L2lw==',
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  saltSeparator: 'Bw==',
  rounds: 8,
  memoryCost: 14,
} as const
