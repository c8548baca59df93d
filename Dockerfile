# The server in an image: `docker build -t sallyport .`. Not tried where there was no container engine; each step was run by hand.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build
# What runs needs the dependencies, and what the package leaves to those who want it (databases, mail, metrics, hashes of other systems): in
# the versions of the lock file.
RUN for name in pg @redis/client nodemailer prom-client @node-rs/bcrypt; do \
    npm pkg set "dependencies.$name=$(node -p "require('./package.json').devDependencies['$name']")" \
    && npm pkg delete "devDependencies.$name" || exit 1; \
  done \
  && npm install --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
USER node
EXPOSE 3000
# Stops at SIGTERM, when what is under way is finished: give it 15 seconds.
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
