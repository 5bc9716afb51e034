# One image for both apps: `node dist/apps/api/src/main.js` (the default) or `node dist/apps/worker/src/main.js`.
# It has Node, the system libraries that Node is linked with, and the files that the apps reach: no shell, no package manager.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts/image scripts/image
COPY apps apps
COPY libs libs
RUN npx nest build \
 && npx vite build apps/dashboard --logLevel warn \
 && node scripts/image/reached-files.mjs /image/app \
 && npm sbom --sbom-format cyclonedx --omit dev > /image/app/sbom.cdx.json \
 && mkdir -p /image/app/data/files /image/app/data/outbox \
 && chown -R 1000:1000 /image/app/data \
 && sh scripts/image/system-files.sh /image/app /image/system

FROM scratch
ENV NODE_ENV=production HOST=0.0.0.0 PATH=/usr/local/bin
COPY --from=build /image/system /
COPY --from=build /image/app /app
WORKDIR /app
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 8000 8001
# Large packed files are unpacked here: on a disk, also where the root is read-only.
VOLUME /tmp
# The port that answers tells the app: 8000 is the API, 8001 the worker.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=5 \
  CMD ["node", "-e", "Promise.any([process.env.PORT || 8000, process.env.WORKER_PORT || 8001].map(async (port) => { if (!(await fetch(`http://127.0.0.1:${port}/readyz`)).ok) throw new Error('not ready') })).catch(() => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/apps/api/src/main.js"]
