import express from 'express'
import { adapterContract } from './contract.ts'
import { expressApp } from './express-app.ts'

/** By a name that is not in the line: it is the same package under another name, and has no types of its own. */
const four: string = 'express4'
const { default: express4 } = (await import(four)) as { readonly default: typeof express }

adapterContract({ name: 'Express 5', serve: expressApp(express), rewrites: true, sockets: true })
adapterContract({ name: 'Express 4', serve: expressApp(express4), rewrites: true, sockets: true })
