# One image for both apps: `node dist/apps/api/src/main.js` (the default) or `node dist/apps/worker/src/main.js`.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
RUN npx nest build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
RUN mkdir -p data/files && chown -R node:node data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 8000 8001
# The port that answers tells the app: 8000 is the API, 8001 the worker.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=5 \
  CMD ["node", "-e", "Promise.any([process.env.PORT || 8000, process.env.WORKER_PORT || 8001].map(async (port) => { if (!(await fetch(`http://127.0.0.1:${port}/readyz`)).ok) throw new Error('not ready') })).catch(() => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/apps/api/src/main.js"]
